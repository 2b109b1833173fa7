// Stands in for `gumshoe-agent -m NAME --events N`: NAME says how to behave.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const name = process.argv[process.argv.indexOf('-m') + 1];
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const hit = (file) => say({ class: 'hits', parameters: { elements: { s1: [file] } } });
const finish = (elements, errors = null) => {
  process.stdout.write(
    `${JSON.stringify({ foundanything: true, success: true, elements, statistics: {}, errors })}\n`,
    () => process.exit(0),
  );
};
const forEver = () => setInterval(() => {}, 1000);
const lines = createInterface({ input: process.stdin });
const onStop = (act) => lines.on('line', (line) => line.includes('"stop"') && act());

const behaviours = {
  answer: () => lines.once('line', (line) => finish(JSON.parse(line).parameters)),
  'stop-then-answer': () => {
    hit('a');
    onStop(() => finish({ s1: ['a', 'b'] }));
    forEver();
  },
  'tell-pid': () => {
    hit(String(process.pid));
    onStop(() => finish({ pid: process.pid }));
    forEver();
  },
  'ignore-stop': () => {
    hit('a');
    hit('b');
    say({ class: 'progress', parameters: { examined: 7, found: 2 } });
    forEver();
  },
  'ignore-term': () => {
    process.on('SIGTERM', () => {});
    hit('a');
    forEver();
  },
  'leave-grandchild': () => {
    const child = spawn('sleep', ['600'], { stdio: 'inherit' });
    hit(String(child.pid));
    setTimeout(() => finish({ pid: child.pid }), 50);
  },
  crash: () => {
    hit('a');
    process.stderr.write('first\nthe reason of the crash\n', () => process.exit(7));
  },
  garbage: () => process.stdout.write('ERROR: Invalid hash length{"foundanything":false}\n', () => process.exit(0)),
  silent: () => process.exit(0),
  'noise-then-answer': () => {
    process.stdout.write('a library says hello\n');
    finish({ s1: [] });
  },
  'noise-then-hang': () => {
    process.stdout.write('a library says hello\n');
    forEver();
  },
  'answer-then-hang': () => {
    process.stdout.write(
      `${JSON.stringify({ foundanything: true, success: true, elements: {}, statistics: {}, errors: null })}\n`,
    );
    forEver();
  },
  'hit-then-fail': () => {
    hit('a');
    process.stdout.write(
      `${JSON.stringify({ foundanything: false, success: false, elements: null, statistics: null, errors: ['broken'] })}\n`,
      () => process.exit(0),
    );
  },
  'leave-daemon': () => {
    const child = spawn('sleep', ['20'], { stdio: 'inherit', detached: true });
    child.unref();
    process.stdout.write(
      `${JSON.stringify({ foundanything: true, success: true, elements: { pid: child.pid }, statistics: {}, errors: null })}\n`,
      () => process.exit(0),
    );
  },
  flood: () => {
    const write = () => {
      while (process.stdout.write('x'.repeat(65_536))) {}
      process.stdout.once('drain', write);
    };
    hit('a');
    write();
  },
  hog: () => {
    hit('a');
    const kept = [];
    setInterval(() => kept.push(Buffer.alloc(32 * 1024 * 1024, 1)), 5);
  },
};
behaviours[name]();
