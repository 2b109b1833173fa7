import { expect, test } from 'vitest';
import { parseMountinfo } from '../../../../src/linux/proc/parse-mountinfo.ts';

test('mounts are read with their root, point and type, escapes undone', () => {
  const text = [
    '23 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
    String.raw`24 23 8:17 /sub\040dir /mnt/a\011b\134c rw - xfs /dev/sdb1 rw`,
    '25 23 0:5 / /proc rw shared:3 master:4 propagate_from:2 - proc proc rw',
    'nonsense',
    '',
  ].join('\n');
  expect(parseMountinfo(text)).toEqual([
    { device: '254:0', root: '/', mountPoint: '/', type: 'ext4' },
    { device: '8:17', root: '/sub dir', mountPoint: '/mnt/a\tb\\c', type: 'xfs' },
    { device: '0:5', root: '/', mountPoint: '/proc', type: 'proc' },
  ]);
});
