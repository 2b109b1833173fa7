import { describe, expect, test } from 'vitest';
import { encodeFilter } from '../../../../src/linux/connector/encode-filter.ts';
import { encodeRequest } from '../../../../src/linux/connector/encode-request.ts';
import { everyKind, maskOf } from '../../../../src/linux/connector/event-layout.ts';

describe('encodeRequest', () => {
  test('asks for all kinds in 40 bytes', () => {
    expect(encodeRequest({ operation: 'listen', acknowledge: 0x0102_0304 }).toString('hex')).toBe(
      '28000000030000000000000000000000010000000100000000000000040302010400000001000000',
    );
  });

  test('asks for exec and exit in 44 bytes', () => {
    const mask = maskOf(['exec', 'exit']);
    expect(encodeRequest({ operation: 'listen', acknowledge: 0xffff_ffff, mask }).toString('hex')).toBe(
      '2c000000030000000000000000000000010000000100000000000000ffffffff080000000100000002000080',
    );
  });

  test('takes a subscription back', () => {
    expect(encodeRequest({ operation: 'ignore', acknowledge: 0 }).toString('hex', 36)).toBe('02000000');
  });
});

describe('maskOf', () => {
  test('has one bit for each kind', () => {
    expect(maskOf(['fork', 'exec', 'exit']) >>> 0).toBe(0x8000_0003);
    expect(everyKind >>> 0).toBe(0xc000_03c7);
  });
});

describe('encodeFilter', () => {
  test('loads the kind in network order and lets pass what has one of the bits', () => {
    expect(encodeFilter(maskOf(['exec', 'exit'])).toString('hex')).toBe(
      '2000000024000000450000018000000206000000ffffffff0600000000000000',
    );
  });

  test('of names lets pass those of one process', () => {
    expect(encodeFilter(maskOf(['exec', 'comm']), { namesOf: 0x1234 }).toString('hex')).toBe(
      // Three instructions a line.
      '2000000024000000' +
        '4500000400000202' +
        '1500000200000200' +
        '2000000038000000' +
        '1500000100001234' +
        '06000000ffffffff' +
        '0600000000000000',
    );
  });
});
