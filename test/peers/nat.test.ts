/** GB/T 29265.205 §11.6 between two homes behind NATs, in network namespaces of this machine. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { internet, type NatKind, NatNetwork, type Place } from './support/nat-network.ts';
import { Printing } from './support/printing.ts';

const root = join(import.meta.dirname, '../..');
const domain = 'home.example';

/** Answers with what it was sent, on port 8080. */
const echo = `require('node:http').createServer((q, r) => q.pipe(r)).listen(8080, () => console.log('listening'))`;
/** Sends much to a port and says whether it came back. */
const ask = `const body = 'x'.repeat(300000);
fetch('http://127.0.0.1:' + process.argv[1], { method: 'POST', body, headers: { connection: 'close' } })
  .then((r) => r.text()).then((text) => console.log(text === body ? 'whole' : 'broken'), (e) => console.log(String(e.cause ?? e)))`;

for (const kind of ['cone', 'symmetric'] as const) {
  describe(`behind ${kind} NATs`, () => {
    let world: World;
    before(async () => {
      world = await World.open(kind);
    });
    after(() => world?.close());

    test(`bytes go ${kind === 'cone' ? 'straight' : 'through the message server, because no path opens'}`, {
      timeout: 60_000,
    }, async () => {
      assert.deepEqual(await world.ask('any'), [kind === 'cone' ? 'direct' : 'in-band', 'whole']);
    });

    test('bytes go through the message server when that is asked for', { timeout: 60_000 }, async () => {
      assert.deepEqual(await world.ask('server'), ['in-band', 'whole']);
    });
  });
}

describe('behind symmetric NATs, with coturn on the internet', () => {
  let world: World;
  before(async () => {
    world = await World.open('symmetric', { turn: true });
  });
  after(() => world?.close());

  test('bytes go through the TURN server', { timeout: 60_000 }, async () => {
    assert.deepEqual(await world.ask('network'), ['relayed', 'whole']);
  });
});

/** The platform on the internet, a device with a service in the home on the left, its owner in the home on the right. */
class World {
  readonly #network: NatNetwork;
  readonly #folder: string;
  readonly #running: Printing[] = [];

  readonly #hasTurn: boolean;

  private constructor(kind: NatKind, folder: string, hasTurn: boolean) {
    this.#hasTurn = hasTurn;
    this.#folder = folder;
    this.#network = new NatNetwork(kind, domain);
  }

  static async open(kind: NatKind, { turn = false } = {}): Promise<World> {
    const world = new World(kind, await mkdtemp(join(tmpdir(), 'yaolian-nat-')), turn);
    try {
      await world.#start();
      return world;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const turn = this.#hasTurn ? await this.#startTurn() : [];
    const platform = this.#node('internet', 'apps/server/src/main.ts', [
      ...turn,
      ...['--data-dir', join(this.#folder, 'data'), '--http-port', '8080', '--log-level', 'warn'],
      ...['--ra-domain', domain, '--tls-names', domain, '--xmpp-host', internet, '--xmpp-stun-port', '3478'],
    ]);
    await platform.prints('Ctrl-C stops it');
    await this.#yaolian('internet', 'ra', 'register', 'ann', '--url', 'http://127.0.0.1:8080').prints('You are');
    const service = this.#run('left', process.execPath, ['-e', echo]);
    await service.prints('listening');
    const register = `fetch('http://127.0.0.1:8080/rest/v1/device/register.json', { method: 'POST', body: new URLSearchParams({
      deviceName: 'box', password: 'correct-horse', verifyCode: 'BOX-CODE', deviceType: 'microwave', vendor: 'v', model: 'm' }) })
      .then((r) => r.text()).then(console.log)`;
    await this.#run('internet', process.execPath, ['-e', register]).prints('box@home.example');
    const device = ['ra', 'device', `box@${domain}`, '--no-register', '--expose', 'web=127.0.0.1:8080', '--json'];
    await this.#yaolian('left', ...device).prints('"online"');
    await this.#yaolian('right', 'ra', 'bind', 'box', 'BOX-CODE').prints('is yours');
  }

  /** coturn, with a secret that it shares with the platform. @returns the settings of the platform */
  async #startTurn(): Promise<readonly string[]> {
    const secret = 'shared-between-the-two';
    const file = join(this.#folder, 'turn-secret');
    await writeFile(file, secret);
    const turn = this.#run('internet', 'turnserver', [
      ...[
        '-n',
        '--no-cli',
        '--no-tls',
        '--no-dtls',
        '--log-file',
        'stdout',
        '--pidfile',
        join(this.#folder, 'turn.pid'),
      ],
      ...['--listening-ip', internet, '--listening-port', '3479', '--relay-ip', internet, '--realm', domain],
      ...['--use-auth-secret', '--static-auth-secret', secret, '--userdb', join(this.#folder, 'turn.db')],
      // Addresses inside of homes are none of its business: asked to send there it would end the allocation (4.6.1: no route).
      '--denied-peer-ip=10.0.0.0-10.255.255.255',
    ]);
    await turn.prints('SQLite DB connection success');
    return [...['--xmpp-external-services', `turn:${internet}:3479?transport=udp`, '--xmpp-turn-secret-file', file]];
  }

  /** Asks the service by a new channel. @returns how the bytes went, and whether they came back */
  async ask(via: string): Promise<readonly [string, string]> {
    const forward = this.#yaolian('right', 'ra', 'forward', 'box', 'web', '--via', via, '--port', '9000', '--json');
    await forward.prints('"listening"');
    const asking = this.#run('right', process.execPath, ['-e', ask, '9000']);
    const answer = await asking.prints('\n');
    const connected = await forward.prints('"path"');
    await forward.stop();
    return [/"path":"([\w-]+)"/.exec(connected)?.[1] ?? connected, answer.trim()];
  }

  #yaolian(place: Place, ...args: readonly string[]): Printing {
    return this.#node(place, 'apps/cli/src/main.ts', args);
  }

  #node(place: Place, main: string, args: readonly string[]): Printing {
    return this.#run(place, process.execPath, [join(root, main), ...args]);
  }

  #run(place: Place, program: string, args: readonly string[]): Printing {
    const printing = new Printing(
      this.#network.start(place, program, args, {
        HOME: this.#folder,
        YAOLIAN_RA_USER: `ann@${domain}`,
        YAOLIAN_RA_PASSWORD: 'correct-horse',
        YAOLIAN_RA_SERVER: internet,
        YAOLIAN_RA_CA: join(this.#folder, 'data', 'tls', 'certificate.pem'),
      }),
    );
    this.#running.push(printing);
    return printing;
  }

  async close(): Promise<void> {
    for (const one of this.#running.reverse()) await one.stop();
    this.#network.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
