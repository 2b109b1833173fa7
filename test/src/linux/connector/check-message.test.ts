import { describe, expect, test } from 'vitest';
import { checkMessage, readAnswer } from '../../../../src/linux/connector/check-message.ts';
import { copyEvent, decodeEvent, recordWords } from '../../../../src/linux/connector/event-record.ts';
import { golden, goldenAnswer, wordsOf } from './golden.ts';

const kernel = 0;
const [fork] = golden;

/** The verdict on a fork, of which one word was changed. */
function checkChanged(word: number, value: number, length = 76, sender = kernel): string {
  const words = wordsOf(fork?.hex ?? '');
  words[word] = value;
  return checkMessage(words, 0, length, sender);
}

describe('checkMessage', () => {
  test.each(golden)('takes $what for an event', ({ hex }) => {
    expect(checkMessage(wordsOf(hex), 0, 76, kernel)).toBe('event');
  });

  test('finds the answer to a request', () => {
    const words = wordsOf(goldenAnswer);
    expect(checkMessage(words, 0, 76, kernel)).toBe('answer');
    expect(readAnswer(words, 0)).toEqual({ acknowledged: 0x0102_0305, errno: 0 });
  });

  test('finds a refusal in an answer', () => {
    const words = wordsOf(goldenAnswer);
    words[13] = 1;
    expect(readAnswer(words, 0).errno).toBe(1);
  });

  test('rejects what another process sent, were it an event word for word', () => {
    expect(checkChanged(0, 76, 76, 4711)).toBe('reject');
  });

  test.each([0, 15, 16, 36, 52, 72, 75])('rejects a message that was cut to %i bytes', (length) => {
    expect(checkChanged(0, length, length)).toBe('reject');
  });

  test('rejects a message that was longer than there was room for', () => {
    expect(checkChanged(0, 76, -1)).toBe('reject');
  });

  test.each([
    ['a length that is not that of the datagram', 0, 80],
    ['another type', 1, 2],
    ['the index of another connector', 4, 2],
    ['another value of the connector', 5, 2],
    ['a body that is longer than the message', 8, 41],
    ['a body that is shorter', 8, 39],
    ['an unknown kind', 9, 0x400],
    ['a kind that is only asked for', 9, 0x2000_0000],
    ['two kinds at once', 9, 3],
  ])('rejects %s', (_, word, value) => {
    expect(checkChanged(word, value)).toBe('reject');
  });

  test('takes a longer message of a later kernel whose lengths agree', () => {
    const words = wordsOf(fork?.hex ?? '');
    words[0] = 84;
    words[8] = 48;
    expect(checkMessage(words, 0, 84, kernel)).toBe('event');
  });

  test('never throws, and takes only what it can decode: 1,000,000 damaged and random messages', () => {
    const bytes = new Uint8Array(128);
    const words = new Int32Array(bytes.buffer);
    const record = new Int32Array(recordWords);
    const messages = golden.map(({ hex }) => new Uint8Array(wordsOf(hex).buffer));
    const verdicts = { event: 0, answer: 0, reject: 0 };
    const random = createRandom(20_261_121);
    for (let round = 0; round < 1_000_000; round++) {
      const isWhole = random() % 8 !== 0;
      const message = messages[random() % messages.length];
      if (isWhole && message) bytes.set(message);
      else for (let word = 0; word < words.length; word++) words[word] = random();
      for (let changes = random() % 4; changes > 0; changes--) bytes[random() % 76] = random();
      const length = random() % 16 === 0 ? (random() % 130) - 1 : 76;
      const verdict = checkMessage(words, 0, length, random() % 64 === 0 ? random() : kernel);
      verdicts[verdict]++;
      if (verdict !== 'event') continue;
      copyEvent(words, 0, record, 0);
      const { kind, pid } = decodeEvent(record, 0);
      if (typeof kind !== 'string' || !Number.isSafeInteger(pid)) throw new Error(`round ${round} has no kind or pid`);
    }
    expect(verdicts.event).toBeGreaterThan(200_000);
    expect(verdicts.reject).toBeGreaterThan(200_000);
  });
});

/** Numbers of 32 bits, always the same ones for a seed (xorshift). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
