import { ConsoleError } from '../base/app-error.ts';
import { nearest } from '../base/nearest.ts';

export const formats = ['text', 'table', 'json', 'jsonl', 'csv', 'md'] as const;
/** How results are written. `text` is the modules' own lines. */
export type Format = (typeof formats)[number];

/** What `set` changes; kept with the case. */
export interface Settings {
  /** Results show findings alone unless the command says otherwise. */
  readonly matchonly: boolean;
  readonly format: Format;
  /** Columns to fit tables in; undefined = those of the terminal. */
  readonly width: number | undefined;
  readonly colour: boolean;
  /** Lines of results after which it is asked whether to go on; 0 = never. */
  readonly paging: number;
}

export const initialSettings: Settings = {
  matchonly: true,
  format: 'text',
  width: undefined,
  colour: true,
  paging: 0,
};

export const settingNames = ['matchonly', 'format', 'width', 'colour', 'paging'] as const;

/** The values that a setting may have, for completion. */
export function settingValues(name: string): readonly string[] {
  if (name === 'format') return formats;
  if (name === 'matchonly' || name === 'colour') return ['on', 'off'];
  if (name === 'width') return ['auto', '80', '120'];
  return name === 'paging' ? ['off', '50'] : [];
}

/** The settings with one changed. Throws ConsoleError COMMAND_USAGE that says what was expected. */
export function withSetting(settings: Settings, name: string, value: string): Settings {
  switch (name) {
    case 'matchonly':
      return { ...settings, matchonly: parseSwitch(name, value) };
    case 'colour':
      return { ...settings, colour: parseSwitch(name, value) };
    case 'format':
      return { ...settings, format: parseFormat(value) };
    case 'width':
      return { ...settings, width: value === 'auto' ? undefined : parseCount(name, value, 20) };
    case 'paging':
      return { ...settings, paging: value === 'off' ? 0 : parseCount(name, value, 0) };
    default: {
      const near = nearest(name, settingNames);
      throw usage(
        `expected one of ${settingNames.join(', ')}, got ${JSON.stringify(name)}${near ? `: did you mean ${near}?` : ''}`,
      );
    }
  }
}

/** The settings that these stored texts give; what is not understood is left as it was. */
export function restoreSettings(stored: ReadonlyMap<string, string>): Settings {
  let settings = initialSettings;
  for (const [name, value] of stored) {
    try {
      settings = withSetting(settings, name, value);
    } catch {
      // Written by another version of gumshoe: the initial value is as good.
    }
  }
  return settings;
}

/** A setting as it would be typed. */
export function formatSetting(settings: Settings, name: (typeof settingNames)[number]): string {
  const value = settings[name];
  if (value === undefined) return 'auto';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return name === 'paging' && value === 0 ? 'off' : String(value);
}

/** Throws ConsoleError COMMAND_USAGE. */
export function parseFormat(value: string): Format {
  const found = formats.find((format) => format === value.toLowerCase());
  if (found) return found;
  const near = nearest(value, formats);
  throw usage(
    `expected a format (${formats.join(', ')}), got ${JSON.stringify(value)}${near ? `: did you mean ${near}?` : ''}`,
  );
}

function parseSwitch(name: string, value: string): boolean {
  if (/^(on|true|yes|1)$/i.test(value)) return true;
  if (/^(off|false|no|0)$/i.test(value)) return false;
  throw usage(`${name}: expected on or off, got ${JSON.stringify(value)}`);
}

function parseCount(name: string, value: string, min: number): number {
  if (/^\d{1,6}$/.test(value) && Number(value) >= min) return Number(value);
  throw usage(`${name}: expected a number from ${min} to 999999, got ${JSON.stringify(value)}`);
}

function usage(message: string): ConsoleError {
  return new ConsoleError('COMMAND_USAGE', message);
}
