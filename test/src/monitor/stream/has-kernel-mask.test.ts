import { expect, test } from 'vitest';
import { hasKernelMask } from '../../../../src/monitor/stream/has-kernel-mask.ts';

test.each([
  ['6.18.44-fc-v669', true],
  ['6.6.0', true],
  ['7.0.0-rc1', true],
  ['6.5.13-generic', false],
  ['5.14.0-503.el9.x86_64', false],
  ['unknown', false],
])('Linux %s: the kernel takes a mask: %s', (version, hasMask) => {
  expect(hasKernelMask(version)).toBe(hasMask);
});
