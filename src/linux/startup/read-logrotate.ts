import { programsOf } from './programs-of.ts';
import { startPoint, type StartHost, type StartPoint } from './start-point.ts';

/** A script in a configuration of logrotate(8). */
export interface RotateScript {
  readonly word: string;
  readonly command: string;
  readonly line: number;
}

const maxScripts = 1000;
const maxCharacters = 4000;

export function parseLogrotate(text: string): readonly RotateScript[] {
  const scripts: RotateScript[] = [];
  let open: { readonly word: string; readonly line: number; readonly lines: string[] } | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    if (open && content === 'endscript') {
      if (scripts.length < maxScripts)
        scripts.push({ word: open.word, command: open.lines.join('\n').slice(0, maxCharacters), line: open.line });
      open = undefined;
    } else if (open) {
      open.lines.push(content);
    } else if (/^(prerotate|postrotate|firstaction|lastaction|preremove)$/.test(content)) {
      open = { word: content, line: index + 1, lines: [] };
    }
  }
  return scripts;
}

export function* readLogrotate({ files }: StartHost): Generator<StartPoint> {
  const snippets = files.list('/etc/logrotate.d').map((name) => `/etc/logrotate.d/${name}`);
  for (const path of ['/etc/logrotate.conf', ...snippets]) {
    for (const { word, command, line } of parseLogrotate(files.readText(path) ?? '')) {
      yield startPoint({
        path,
        line,
        name: word,
        commands: [command],
        programs: programsOf(command),
        when: 'rotation of logs',
      });
    }
  }
}
