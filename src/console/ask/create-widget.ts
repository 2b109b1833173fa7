import type { Question } from '../../module/ask.ts';
import { createChoiceWidget } from './choice-widget.ts';
import { completePath, completeWord } from './complete-answer.ts';
import { createFormWidget } from './form-widget.ts';
import { createTextWidget } from './text-widget.ts';
import type { Meant, Widget } from './widget.ts';

/** The widget for a question. Its state is its own matter: only the widget that made it reads it. */
export function createWidget(question: Question): Widget<unknown> {
  return makeWidget(question) as Widget<unknown>;
}

function makeWidget(question: Question): unknown {
  const { message } = question;
  switch (question.kind) {
    case 'text': {
      const { check, complete, initial = '' } = question;
      return createTextWidget({
        message,
        initial,
        meant: (typed) => meantOf(typed, check?.(typed)),
        complete: complete === undefined ? undefined : complete === 'path' ? completePath : completeWord(complete),
      });
    }
    case 'number':
      return createTextWidget({
        message,
        initial: question.initial === undefined ? '' : String(question.initial),
        meant: (typed) => meantNumber(typed.trim(), question.check),
      });
    case 'confirm': {
      const initial = question.initial === undefined ? '' : question.initial ? 'y' : 'n';
      return createTextWidget({
        message: `${message} (y/n)`,
        initial: '',
        meant: (typed) => meantBoolean(typed.trim() || initial),
        format: (value) => (value === true ? 'yes' : 'no'),
      });
    }
    case 'choose': {
      const { choices, initial } = question;
      return createChoiceWidget({ message, choices, initial: initial === undefined ? [] : [initial], isMany: false });
    }
    case 'many': {
      const { choices, initial = [], check } = question;
      return createChoiceWidget({ message, choices, initial, isMany: true, check });
    }
    case 'form':
      return createFormWidget({ message, fields: question.fields, check: question.check });
  }
}

function meantOf(value: unknown, problem: string | undefined): Meant {
  return problem === undefined ? { value } : { problem };
}

function meantNumber(typed: string, check: ((typed: string) => string | undefined) | undefined): Meant {
  const problem = check?.(typed);
  if (problem !== undefined) return { problem };
  if (typed === '' || !Number.isFinite(Number(typed))) {
    return { problem: `expected a number, got ${typed === '' ? 'nothing' : `'${typed}'`}` };
  }
  return { value: Number(typed) };
}

function meantBoolean(typed: string): Meant {
  if (/^y(es)?$/i.test(typed)) return { value: true };
  if (/^no?$/i.test(typed)) return { value: false };
  return { problem: `expected y or n, got ${typed === '' ? 'nothing' : `'${typed}'`}` };
}
