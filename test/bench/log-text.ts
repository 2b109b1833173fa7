const words = (
  'the quick Session opened for user closed error warning kernel systemd daemon started stopped connection from port sshd failed to read ' +
  'configuration file /etc/ssh/sshd_config /var/log/messages /usr/lib/systemd/systemd timeout while waiting for response accepted publickey'
).split(' ');

/** Text like that of /var/log, the same each time: dates, hosts, numbers, words; ends with a newline. */
export function createLogText(length: number): Buffer {
  let seed = 12_345;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const line = (): string => {
    const time = `${10 + next(14)}:${10 + next(50)}:${10 + next(50)}`;
    const text = Array.from({ length: 4 + next(12) }, () => words[next(words.length)] ?? '').join(' ');
    return `Nov ${1 + next(30)} ${time} host-${next(9)} app[${1000 + next(9000)}]: ${text} id=${next(1e6).toString(16)}\n`;
  };
  const lines: string[] = [];
  let total = 0;
  while (total < length) {
    const text = line();
    lines.push(text);
    total += text.length;
  }
  const buffer = Buffer.from(lines.join('').slice(0, length), 'latin1');
  buffer[length - 1] = 10;
  return buffer;
}
