import type { PersistentModules } from '../persistent/persistent-modules.ts';

export interface ConfirmOptions {
  readonly modules: Pick<PersistentModules, 'states' | 'onChange'>;
  /** A console asked: one has to be back. */
  readonly needsLink: boolean;
  readonly linksOpen: () => number;
  /** Told when a link was opened. Returns the unsubscribe. */
  readonly onLink: (listener: () => void) => () => void;
  readonly limitMs: number;
}

/** Waits until every enabled module is healthy and, where it is needed, a link is open. Resolves to what is missing at the limit; nothing = all is well. */
export function confirmRestart(options: ConfirmOptions): Promise<readonly string[]> {
  const confirmed = Promise.withResolvers<readonly string[]>();
  const finish = (missing: readonly string[]): void => {
    clearTimeout(timer);
    endings.forEach((stop) => stop());
    confirmed.resolve(missing);
  };
  const look = (): void => {
    if (findMissing(options).length === 0) finish([]);
  };
  const timer = setTimeout(() => finish(findMissing(options)), options.limitMs);
  const endings = [options.modules.onChange(look), options.onLink(look)];
  look();
  return confirmed.promise;
}

function findMissing({ modules, needsLink, linksOpen }: ConfirmOptions): readonly string[] {
  const unhealthy = modules
    .states()
    .filter(({ phase }) => phase !== 'healthy' && phase !== 'disabled')
    .map(
      ({ name, phase, lastFailure }) =>
        `${name} is not healthy (${phase}${lastFailure ? `: ${lastFailure.reason}` : ''})`,
    );
  return [...unhealthy, ...(needsLink && linksOpen() === 0 ? ['no console has come back'] : [])];
}
