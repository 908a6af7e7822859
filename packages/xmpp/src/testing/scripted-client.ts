import assert from 'node:assert/strict';
import { type ByteStream, type Duration, encodeBase64, encodeUtf8, seconds } from '@yaolian/kernel';
import type { VirtualTime } from '@yaolian/testkit';
import { namespaces } from '../namespaces.ts';
import { DocumentFraming, type Framing, MessageFraming, type StreamEvent } from '../stream/framing.ts';
import type { StreamErrorCondition } from '../stream/stream-error.ts';
import { XmlElement } from '../xml/element.ts';
import { serialiseXml } from '../xml/serialise.ts';

/** A client that says exactly what a test says, and shows what it hears. */
export class ScriptedClient {
  readonly #stream: ByteStream;
  readonly #time: VirtualTime;
  readonly #framing: Framing;
  #isClosed = false;

  /** @param content the namespace of stanzas. Default `jabber:client` */
  constructor(stream: ByteStream, time: VirtualTime, content?: string) {
    this.#stream = stream;
    this.#time = time;
    this.#framing = stream.keepsBoundaries ? new MessageFraming({}) : new DocumentFraming({}, content);
    stream.listen({
      onBytes: (bytes) => this.#framing.push(bytes),
      onDrain() {},
      onClosed: () => {
        this.#isClosed = true;
      },
    });
  }

  /** Writes text or an element as it is. */
  send(what: string | XmlElement): void {
    const text = what instanceof XmlElement ? serialiseXml(what, { defaultNamespace: this.#namespace }) : what;
    this.#stream.write(encodeUtf8(text));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#stream.write(bytes);
  }

  /** What was sent arrives. */
  async settle(): Promise<void> {
    await this.#time.advance(1 as Duration);
  }

  /** What comes next is the header of a stream. */
  async header(): Promise<boolean> {
    const event = await this.next();
    return typeof event === 'object' && event.kind === 'header';
  }

  /** What comes next is a new stream. */
  restart(): void {
    this.#framing.restart();
  }

  get #namespace(): string {
    return this.#stream.keepsBoundaries ? '' : namespaces.client;
  }

  abort(): void {
    this.#stream.abort();
  }

  pause(): void {
    this.#stream.pause();
  }

  /** What comes next within a while of virtual time, or `closed`, or undefined. */
  async next(within: Duration = seconds(1)): Promise<StreamEvent | 'closed' | undefined> {
    const end = this.#time.monotonic() + within;
    for (;;) {
      const event = this.#framing.next();
      if (event !== undefined) return event;
      if (this.#isClosed) return 'closed';
      if (this.#time.monotonic() >= end) return undefined;
      await this.#time.advance(Math.min(1, end - this.#time.monotonic()) as Duration);
    }
  }

  async element(): Promise<XmlElement> {
    const event = await this.next();
    assert.ok(typeof event === 'object' && event.kind === 'element', `an element, not ${JSON.stringify(event)}`);
    return event.element;
  }

  async expect(expected: XmlElement): Promise<void> {
    const found = await this.element();
    assert.deepEqual(found, expected, `${serialiseXml(found)}\nis not\n${serialiseXml(expected)}`);
  }

  /** Nothing comes. */
  async expectSilence(within?: Duration): Promise<void> {
    assert.equal(await this.next(within), undefined);
  }

  /** A stream error, the end of the stream and of the connection. */
  async expectError(condition: StreamErrorCondition): Promise<void> {
    const error = await this.element();
    assert.equal(error.name, 'error', serialiseXml(error));
    assert.equal(error.elements()[0]?.name, condition, serialiseXml(error));
    await this.expectEnd();
  }

  async expectEnd(): Promise<void> {
    assert.equal(((await this.next()) as StreamEvent).kind, 'end');
    assert.equal(await this.next(), 'closed');
  }

  /** Opens a stream. @returns the features */
  async open(domain = 'example.org'): Promise<XmlElement> {
    this.#framing.restart();
    const { client, streams, framing } = namespaces;
    this.send(
      this.#stream.keepsBoundaries
        ? `<open xmlns='${framing}' to='${domain}' version='1.0'/>`
        : `<stream:stream xmlns='${client}' xmlns:stream='${streams}' to='${domain}' version='1.0'>`,
    );
    const header = await this.next();
    assert.ok(typeof header === 'object' && header.kind === 'header', JSON.stringify(header));
    assert.equal(header.header.from, domain);
    return this.element();
  }

  /** STARTTLS, where it is offered, and PLAIN. @returns the features after it */
  async authenticate(username: string, password = 'secret'): Promise<XmlElement> {
    const features = await this.open();
    if (features.child('starttls', namespaces.startTls) !== undefined) {
      this.send(`<starttls xmlns='${namespaces.startTls}'/>`);
      assert.equal((await this.element()).name, 'proceed');
      await this.open();
    }
    const initial = encodeBase64(encodeUtf8(`\0${username}\0${password}`));
    this.send(`<auth xmlns='${namespaces.sasl}' mechanism='PLAIN'>${initial}</auth>`);
    assert.equal((await this.element()).name, 'success');
    return this.open();
  }

  /** All of it. @returns the full JID */
  async login(username: string, resource: string): Promise<string> {
    await this.authenticate(username);
    return this.bind(resource);
  }

  async bind(resource: string): Promise<string> {
    const { client, bind } = namespaces;
    this.send(
      `<iq xmlns='${client}' type='set' id='b'><bind xmlns='${bind}'><resource>${resource}</resource></bind></iq>`,
    );
    const result = await this.element();
    assert.equal(result.attribute('type'), 'result', serialiseXml(result));
    return result.child('bind', bind)!.childText('jid')!;
  }
}
