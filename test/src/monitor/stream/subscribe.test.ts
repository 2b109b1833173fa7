import { describe, expect, test } from 'vitest';
import { subscribeAnywhere } from '../../../../src/monitor/stream/subscribe-anywhere.ts';
import { subscribe } from '../../../../src/monitor/stream/subscribe.ts';
import { createSystemError } from '../../../../src/native/system-error.ts';
import { createFakeKernel, type FakeKernel } from './fake-connector.ts';

const ECONNREFUSED = 111;

function subscribeTo(kernel: FakeKernel, mask?: number) {
  return subscribe({ port: kernel.port, receiveBufferBytes: 1, mask, leftOutBy: 'kernel' });
}

describe('subscribe', () => {
  test('is acknowledged, and gives back what came behind the acknowledgement', () => {
    const kernel = createFakeKernel();
    const { received, drops } = subscribeTo(kernel);
    expect(received).toEqual([1, 1]);
    expect(drops).toBe(0);
  });

  test('sets the mask after the acknowledgement: the kernel does not answer a socket that has one', () => {
    const kernel = createFakeKernel();
    subscribeTo(kernel, 6);
    expect(kernel.requests.map((request) => request.length)).toEqual([40, 44]);
  });

  test('takes the answer to another listener for no answer of its own', () => {
    const kernel = createFakeKernel();
    const other = subscribeTo(kernel).socket;
    kernel.isDeaf = true;
    expect(() => subscribeTo(kernel)).toThrow('the kernel does not answer');
    expect([...kernel.open]).toEqual([other]);
  });

  test('gives up in less than 2 s where the kernel does not answer, and closes its socket', () => {
    const kernel = createFakeKernel();
    kernel.isDeaf = true;
    const startedNs = kernel.nowNs;
    expect(() => subscribeTo(kernel)).toThrow(
      expect.objectContaining({ name: 'MonitorError', code: 'MONITOR_UNAVAILABLE' }),
    );
    expect(kernel.nowNs - startedNs).toBeLessThan(1e9);
    expect(kernel.open.size).toBe(0);
  });

  test('begins behind a loss that came before the answer was found', () => {
    const kernel = createFakeKernel();
    kernel.room = 2;
    const open = kernel.port.open;
    const port = {
      ...kernel.port,
      open: (options: Parameters<typeof open>[0]) => {
        const socket = open(options);
        for (let pid = 0; pid < 5; pid++) kernel.tell(pid);
        return socket;
      },
    };
    const { drops } = subscribe({ port, receiveBufferBytes: 1, mask: undefined, leftOutBy: 'kernel' });
    // Three events, and the first answer.
    expect(drops).toBe(4);
    expect(kernel.requests.length).toBe(2);
  });
});

describe('subscribeAnywhere', () => {
  const refuse = (): never => {
    throw createSystemError('connector send', ECONNREFUSED);
  };

  test('subscribes where it is, if it can', () => {
    const { port } = createFakeKernel();
    expect(subscribeAnywhere(port, () => 'here')).toBe('here');
  });

  test('fails as it failed where it is when no other network namespace serves', () => {
    const { port } = createFakeKernel();
    expect(() => subscribeAnywhere(port, refuse)).toThrow('ECONNREFUSED');
  });

  test('looks nowhere else for what another namespace would not cure', () => {
    const { port } = createFakeKernel();
    const fail = (): never => {
      throw createSystemError('connector bind', 1);
    };
    const within = (): never => {
      throw new Error('looked');
    };
    expect(() => subscribeAnywhere({ ...port, within }, fail)).toThrow('EPERM');
  });
});
