import { expect, test } from 'vitest';
import { paramsCreator } from '../../../modules/ping/params-creator.ts';
import { runCreator } from '../../../src/module/ask.ts';
import { back, createScriptedAnswerer } from '../../helpers/scripted-answerer.ts';

test('icmp is asked for without a port', async () => {
  const answerer = createScriptedAnswerer(['localhost', 'icmp', 3, 5, 0.1]);
  expect(await runCreator(paramsCreator, answerer)).toEqual({
    destination: 'localhost',
    protocol: 'icmp',
    count: 3,
    timeout: 5,
    interval: 0.1,
  });
  expect(answerer.asked.map(({ initial }) => initial)).toEqual([undefined, 'icmp', 3, 5, 0.1]);
});

test('wrong answers are asked for again', async () => {
  const answerer = createScriptedAnswerer(['http://x', '::1', 'sctp', 'tcp', 0, 443, 1, 0.25, 1]);
  expect(await runCreator(paramsCreator, answerer)).toMatchObject({
    destination: '::1',
    protocol: 'tcp',
    destinationport: 443,
    timeout: 0.25,
  });
  expect(answerer.notes).toEqual([
    'expected a host name or an address such as www.example.net, 192.0.2.7 or fe80::1%eth0, got "http://x"',
    'expected one of icmp, tcp, udp, got sctp',
    'expected a port from 1 to 65535, got "0"',
  ]);
});

test('an edit starts from what was given, and an answer can be taken back', async () => {
  const answerer = createScriptedAnswerer(['a.example', 'udp', back, 'tcp', 80, 1, 2, 1]);
  const previous = { destination: 'b.example', protocol: 'udp', destinationport: 53, count: 7, timeout: 2 };
  expect(await runCreator(paramsCreator, answerer, previous)).toMatchObject({ protocol: 'tcp', destinationport: 80 });
  expect(answerer.asked.map(({ initial }) => initial)).toEqual(['b.example', 'udp', 53, 'udp', 53, 7, 2, 0.1]);
});
