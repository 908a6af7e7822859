import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import { ImServer } from '../im/im-server.ts';
import { blockingModule } from '../im/modules/blocking.ts';
import type { ImServerOptions } from '../im/options.ts';
import { Jid } from '../jid/jid.ts';
import { accountsNamed, memoryImStores } from '../memory/memory-im-stores.ts';
import type { XmppSession } from '../server/ports.ts';
import { Stanza } from '../server/stanza.ts';
import type { XmlElement } from '../xml/element.ts';
import { clientContext, xml } from '../xml/literal.ts';
import { parseXmlText } from '../xml/parse.ts';
import { serialiseXml } from '../xml/serialise.ts';

/** A session that notes what it is sent. */
export class RecordedSession implements XmppSession {
  readonly jid: Jid;
  readonly isActive = true;
  isConnected = true;
  isOver = false;
  readonly #world: ImWorld;
  readonly #received: Stanza[] = [];

  constructor(world: ImWorld, jid: Jid) {
    this.#world = world;
    this.jid = jid;
  }

  deliver(stanza: Stanza | XmlElement): boolean {
    if (this.isOver) return false;
    this.#received.push(stanza instanceof Stanza ? stanza : new Stanza(stanza));
    return true;
  }

  end(): void {
    this.isOver = true;
  }

  /** Sends a stanza as a session does, with its own JID as sender, and waits until it is dealt with. */
  async send(stanza: XmlElement): Promise<void> {
    await this.#world.server.onStanza(this, new Stanza(stanza.with({ from: `${this.jid}` })));
    await this.#world.settle();
  }

  /** What {@link take} would give; it stays. */
  peek(): readonly string[] {
    return this.#received.map(({ element }) => serialiseXml(element, clientContext));
  }

  /** What it was sent since it was asked last, as XML; it acknowledges it. */
  take(): readonly string[] {
    return this.#received.splice(0).map(({ element }) => serialiseXml(element, clientContext));
  }

  async leave(undelivered: readonly XmlElement[] = []): Promise<void> {
    await this.#end(undelivered.map((stanza) => new Stanza(stanza)));
  }

  /** Its connection was cut and it did not come back: it gives back what it was sent since {@link take}. */
  async cut(): Promise<void> {
    await this.#end(this.#received.splice(0));
  }

  async #end(undelivered: readonly Stanza[]): Promise<void> {
    this.isOver = true;
    this.#world.server.onEnded(this, undelivered);
    await this.#world.settle();
  }
}

/** A message server of `example.com` with accounts in memory. */
export class ImWorld {
  readonly time = new VirtualTime();
  readonly stores = memoryImStores();
  readonly server: ImServer;

  constructor(options: Partial<ImServerOptions> = {}) {
    this.server = new ImServer({
      domain: 'example.com',
      stores: this.stores,
      accounts: accountsNamed('juliet', 'romeo', 'nurse', 'benvolio'),
      clock: this.time,
      random: new SeededRandom(1),
      archives: false,
      ...options,
    });
    this.server.use(blockingModule(this.server));
  }

  /** Binds a resource. */
  async bind(jid: string, ...requests: readonly XmlElement[]): Promise<RecordedSession> {
    const session = new RecordedSession(this, Jid.parse(jid)!);
    this.server.onBound(session, requests);
    await this.settle();
    return session;
  }

  /** Lets promises run until nothing happens any more. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  }
}

/** Sessions that are there, and what came until then is taken. */
export async function available(world: ImWorld, ...jids: readonly string[]): Promise<RecordedSession[]> {
  const sessions: RecordedSession[] = [];
  for (const jid of jids) {
    const session = await world.bind(jid);
    await session.send(xml`<presence/>`);
    sessions.push(session);
  }
  for (const session of sessions) session.take();
  return sessions;
}

export async function present(world: ImWorld, jid: string): Promise<RecordedSession> {
  const [session] = await available(world, jid);
  return session!;
}

/** Sends an iq and gives its answer; whatever came before is dropped. */
export async function ask(session: RecordedSession, iq: XmlElement): Promise<string> {
  session.take();
  await session.send(iq);
  return session.take().find((stanza) => stanza.startsWith('<iq')) ?? '';
}

/** XML that is put together. */
export function xmlOf(written: string): XmlElement {
  const parsed = parseXmlText(written, clientContext);
  if (!parsed.ok) throw new TypeError(`not XML: ${written}`);
  return parsed.value;
}
