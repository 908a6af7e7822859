/** The suites for clients of Remote Access (GB/T 29265.502 in spirit) with clients that have no line of ours in them. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it, type TestContext } from 'node:test';
import type { RaResult } from '@yaolian/igrs/conformance';
import { type Peer, start } from './support/processes.ts';

const python = join(import.meta.dirname, '.venv/bin/python');
const cli = join(import.meta.dirname, '../../apps/cli/src/main.ts');

interface Irsp {
  readonly account: string;
  readonly server: string;
  readonly accounts: string;
  readonly certificate: string;
}

interface Step {
  readonly id: string;
  readonly facts?: Readonly<Record<string, string>>;
}

/** Runs a suite; `act` is asked at each step. */
async function suite(
  t: TestContext,
  who: 'device' | 'user',
  act: (step: Step, irsp: Irsp) => void,
  ...options: readonly string[]
): Promise<{ readonly code: number; readonly results: readonly RaResult[] }> {
  const ports = ['--port', '0', '--tls-port', '0', '--account-port', '0'];
  const args = [
    cli,
    'conformance',
    `ra-${who}`,
    'home.example',
    '--register',
    '--json',
    '--timeout',
    '4s',
    ...ports,
    ...options,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'close') as Promise<[number]>;
  const results: RaResult[] = [];
  let irsp: Irsp | undefined;
  for await (const line of createInterface(child.stdout)) {
    const said = JSON.parse(line) as { readonly type: string } & Step;
    if (said.type === 'irsp') irsp = said as unknown as Irsp;
    if (said.type === 'step') act(said, irsp!);
    if (said.type === 'case') results.push(said as unknown as RaResult);
  }
  return { code: (await ended)[0], results };
}

/**
 * slixmpp 1.17 takes an error in answer to its binding for a resource, and asks for its roster (`feature_bind`): what RFC 6120 §7.1 forbids, and
 * nothing of the scripts beside.
 */
const ofSlixmpp = '8-19';

/** No case but that one fails, none but `without` is left out; the clauses of whose messages there were some. */
function judged(results: readonly RaResult[], ...without: readonly string[]): readonly string[] {
  const ofMessages = ({ id }: RaResult) => id.endsWith('-0');
  const isLeftOut = (one: RaResult) =>
    one.outcome === 'not-applicable' && (ofMessages(one) || without.includes(one.id));
  const others = results.filter((one) => one.outcome !== 'pass' && !isLeftOut(one));
  assert.deepEqual(
    others.map(({ id, outcome }) => [id, outcome]),
    [[ofSlixmpp, 'fail']],
    JSON.stringify(others),
  );
  assert.match(others[0]!.message!, /^it has no resource; it says <iq .*jabber:iq:roster/);
  return results.filter((one) => ofMessages(one) && one.outcome === 'pass').map(({ id }) => id);
}

/** The messages that both sent: to the account server, stanzas, bindings, codes, permissions, links and friends, what devices are, data. */
const alsoOfDevices = ['7-0', '11.1-0', '10.3-0', '10.5-0', '9-0', '10.2-0', '13-0', '11.2-0'];

/** A client in Python that is told each step as the suite tells it. */
class Python {
  readonly #t: TestContext;
  readonly #script: string;
  #peer: Peer | undefined;

  constructor(t: TestContext, script: string) {
    this.#t = t;
    this.#script = join(import.meta.dirname, script);
  }

  readonly act = (step: Step, { account, server, accounts, certificate }: Irsp): void => {
    const { hostname, port } = new URL(`xmpp://${server}`);
    this.#peer ??= start(this.#t, python, [this.#script, account, hostname, port, certificate, accounts]);
    this.#peer.process.stdin.write(`${JSON.stringify(step)}\n`);
  };

  line(pattern: RegExp) {
    return this.#peer!.line(pattern);
  }
}

// Most of a run is waiting for what must not come.
describe('clients by slixmpp', { concurrency: true }, () => {
  it('a thermostat by slixmpp passes every case for devices but for a fault of slixmpp', {
    timeout: 300_000,
  }, async (t) => {
    const peer = new Python(t, 'slixmpp-ra-device.py');
    const { code, results } = await suite(t, 'device', peer.act, '--execute', '/3303/0/5605');
    assert.deepEqual(judged(results), [...alsoOfDevices, '11.5-0']);
    assert.equal(code, 1);
    await peer.line(/^executed $/);
  });

  it('a user by slixmpp passes every case for users but for a fault of slixmpp', { timeout: 300_000 }, async (t) => {
    const peer = new Python(t, 'slixmpp-ra-user.py');
    // It does not do Jingle.
    const { code, results } = await suite(t, 'user', peer.act, '--without', '11.6-1');
    assert.deepEqual(judged(results, '11.6-1'), [...alsoOfDevices, '11.5-0']);
    assert.equal(code, 1);
  });
});
