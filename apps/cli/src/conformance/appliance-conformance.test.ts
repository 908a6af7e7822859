import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Irsp, runSuite, type Step } from '../testing/client-under-test.ts';
import { RunningCommand } from '../testing/running-command.ts';

/** What appliances have no panel for: their accounts, permissions, lists, codes and owners. */
const withoutPanel = '7,9-2,9-3,9-4,10.2-2,10.3-3,10.3-4,10.3-5,10.3-6,10.4-2,10.5-2';

/** `yaolian ra device`, started again each time that it ends, as a supervisor does. */
class Supervised {
  readonly #kind: string;
  #running: RunningCommand | undefined;
  #isStopped = false;

  constructor(kind: string) {
    this.#kind = kind;
  }

  readonly act = async ({ id }: Step, irsp: Irsp): Promise<void> => {
    if (id === '12-1') {
      this.#isStopped = true;
      await this.#running!.stop();
    } else if (this.#running === undefined) this.#start(irsp);
  };

  #start(irsp: Irsp): void {
    const { account, password, server, certificate } = irsp;
    const line = `ra device ${account} --kind ${this.#kind} --no-register --server ${server} --ca ${certificate}`;
    this.#running = new RunningCommand(line, { HOME: '/nonexistent', YAOLIAN_RA_PASSWORD: password! });
    void this.#running.ended.then(() => {
      if (!this.#isStopped) this.#start(irsp);
    });
  }
}

describe('yaolian conformance ra-device, with the simulated appliances', () => {
  for (const kind of ['air-conditioner', 'water-heater', 'refrigerator', 'microwave']) {
    it(`${kind} passes every case that needs no panel`, async () => {
      const appliance = new Supervised(kind);
      const { exitCode, results } = await runSuite(
        'device',
        appliance.act,
        '--patience',
        '20s',
        '--without',
        withoutPanel,
      );
      const others = results.filter(({ outcome, id }) => outcome !== 'pass' && !id.endsWith('-0'));
      // Nothing is executed that the tester does not name.
      const expected = ['7-1', ...withoutPanel.split(',').filter((id) => id !== '7'), '7-2', '7-3', '7-4', '11.2-16'];
      assert.deepEqual(
        others.map(({ id }) => id).sort(),
        expected.sort(),
        others.map(({ id, message }) => `${id}: ${message}`).join('\n'),
      );
      assert.ok(others.every(({ outcome }) => outcome === 'not-applicable'));
      assert.equal(exitCode, 0);
    });
  }
});
