type Ways = ReadonlyMap<string, readonly string[]>;

/**
 * The names that lead back to themselves. `leads` tells where each name leads; a name that it does not know leads nowhere. Kosaraju's way to strongly
 * connected components, with stacks of its own: a chain of any length costs no call depth.
 */
export function findCircles(leads: Ways): ReadonlySet<string> {
  const back = reverse(leads);
  const taken = new Set<string>();
  const inCircles = new Set<string>();
  for (const name of finishingOrder(leads).toReversed()) {
    const component = reach(name, back, taken);
    const isCircle = component.length > 1 || leads.get(name)?.includes(name);
    if (isCircle) for (const member of component) inCircles.add(member);
  }
  return inCircles;
}

/** Every name behind all those that it leads to and that do not lead back. */
function finishingOrder(leads: Ways): string[] {
  const seen = new Set<string>();
  const finished: string[] = [];
  for (const start of leads.keys()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const open = [{ name: start, next: 0 }];
    for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
      const target = leads.get(last.name)?.[last.next++];
      if (target === undefined) finished.push(open.pop()?.name ?? '');
      else if (!seen.has(target) && leads.has(target)) {
        seen.add(target);
        open.push({ name: target, next: 0 });
      }
    }
  }
  return finished;
}

/** What can be reached from here without what was taken before; takes it. */
function reach(start: string, leads: Ways, taken: Set<string>): readonly string[] {
  if (taken.has(start)) return [];
  taken.add(start);
  const reached = [start];
  for (let at = 0; at < reached.length; at++) {
    for (const target of leads.get(reached[at] ?? '') ?? []) {
      if (taken.has(target)) continue;
      taken.add(target);
      reached.push(target);
    }
  }
  return reached;
}

function reverse(leads: Ways): Ways {
  const back = new Map<string, string[]>([...leads.keys()].map((name) => [name, []]));
  for (const [name, targets] of leads) for (const target of targets) back.get(target)?.push(name);
  return back;
}
