import {
  type Duration,
  encodeBase64Url,
  type Log,
  type Random,
  seconds,
  silentLog,
  type Timers,
} from '@yaolian/kernel';
import { type IqOutcome, Jid, StanzaError, type XmlElement, type XmppClient } from '@yaolian/xmpp';
import { Refused } from '../client/refused.ts';
import type { Channel, ChannelListener } from './channel.ts';
import { ChannelSession, type ChannelSessionOptions, unknownSession } from './channel-session.ts';
import { externalServers } from './external-servers.ts';
import { decodeJingle, encodeJingle, type JingleMessage, jingleNamespaces } from './jingle.ts';
import type { IceServer, PeerConnections } from './ports.ts';

export interface ChannelsOptions {
  /** Connected, or about to be; it stays the caller's. */
  readonly client: XmppClient;
  /** Without it bytes go through the message server only. */
  readonly peerConnections?: PeerConnections;
  readonly timers: Timers;
  readonly random: Random;
  readonly log?: Log;
  /** Until a path that is tried counts as not there. Default 15 s. */
  readonly openWithin?: Duration;
  /**
   * Where bytes go through the server: how long the other side may be silent before it is asked whether it is there, and how long it may take to
   * say so. Default 30 s.
   */
  readonly checkEvery?: Duration;
  /** Channels at once, those that open included. Default 64. */
  readonly maximumChannels?: number;
  /** Bytes in one stanza where bytes go through the server. Default 4,096. */
  readonly blockSize?: number;
}

export interface OpenChannelOptions {
  readonly signal?: AbortSignal;
  /** Default `any`: straight if that can be, else through a TURN server, else through the message server. */
  readonly via?: 'any' | 'network' | 'server';
}

/** Whether somebody gets the channel that they ask for, and who takes its bytes. @param from the full address */
export type ChannelOffer = (from: string, channel: Promise<Channel>) => ChannelListener | StanzaError;

/**
 * Channels of bytes between associated accounts, across NATs (GB/T 29265.205 §11.6): Jingle finds a direct path, else one through a
 * TURN server that the domain names (XEP-0215), else the message server carries the bytes.
 */
export class Channels {
  readonly #options: ChannelsOptions;
  readonly #log: Log;
  readonly #sessions = new Map<string, ChannelSession>();
  readonly #offers = new Map<string, ChannelOffer>();

  constructor(options: ChannelsOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
    const { client } = options;
    client.handle('jingle', jingleNamespaces.jingle, (iq) => this.#onJingle(iq));
    for (const name of ['open', 'data', 'close']) {
      client.handle(name, jingleNamespaces.inBand, (iq) => this.#onInBand(iq));
    }
  }

  /** What is told in disco (XEP-0030). */
  get features(): readonly string[] {
    const { jingle, channel, inBandTransport, inBand, ice, dtls, sctp } = jingleNamespaces;
    const network = this.#options.peerConnections === undefined ? [] : [ice, dtls, sctp];
    return [jingle, channel, inBandTransport, inBand, ...network];
  }

  /** Lets others open channels of a name. */
  offer(name: string, offer: ChannelOffer): void {
    this.#offers.set(name, offer);
  }

  /**
   * Opens a channel to what the other side offers under a name.
   * @param to an account, or one connection of it
   * @throws Refused; RA_CHANNEL_CLOSED when no path opened; an error of the client; the reason of `signal`
   */
  async open(
    to: string,
    name: string,
    listener: ChannelListener,
    { signal, via = 'any' }: OpenChannelOptions = {},
  ): Promise<Channel> {
    if (via !== 'server' && this.#options.peerConnections !== undefined) {
      try {
        return await this.#open(to, name, listener, undefined, signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (via === 'network' || !mayGoThroughServer(error)) throw error;
        this.#log.info('no path through the network; bytes go through the server', {
          to,
          reason: (error as Error).message,
        });
      }
    } else if (via === 'network') throw new TypeError('there are no peer connections to open a path with');
    return this.#open(to, name, listener, this.#options.blockSize ?? 4096, signal);
  }

  /** Ends all channels at once. */
  close(): void {
    for (const session of [...this.#sessions.values()]) session.close('gone');
  }

  async #open(
    to: string,
    name: string,
    listener: ChannelListener,
    inBandBlock: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Channel> {
    signal?.throwIfAborted();
    const sid = encodeBase64Url(this.#options.random.bytes(16));
    const servers = inBandBlock === undefined ? await this.#servers(signal) : [];
    // A path that was given up tells nobody: the next one may open.
    const isOpen = { now: false };
    const session = this.#begin(to, sid, name, true, servers, {
      onData: (data) => listener.onData(data),
      onEnd: () => listener.onEnd?.(),
      onClosed: (reason) => isOpen.now && listener.onClosed?.(reason),
    });
    const onAbort = () => session.close();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const transport = await session.offer(inBandBlock);
      const asked = encodeJingle({ action: 'session-initiate', sid, channel: name, transport });
      const answer = await this.#options.client.request('set', to, asked, signal ? { signal } : {});
      if (answer.kind === 'error') throw new Refused(answer.condition, answer.text);
      const channel = await session.opened;
      isOpen.now = true;
      return channel;
    } catch (error) {
      session.over('not opened');
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #begin(
    peer: string,
    sid: string,
    name: string,
    isInitiator: boolean,
    servers: readonly IceServer[],
    listener: ChannelListener,
  ): ChannelSession {
    const { client, timers, peerConnections, maximumChannels = 64 } = this.#options;
    const { openWithin = seconds(15), checkEvery = seconds(30) } = this.#options;
    if (this.#sessions.size >= maximumChannels) throw new RangeError(`${maximumChannels} channels are open already`);
    const options: ChannelSessionOptions = {
      ...{ sid, name, isInitiator },
      request: (to, payload) => client.request('set', to, payload),
      ping: (to, payload) => client.request('set', to, payload, { timeout: checkEvery }),
      openPeerConnection: peerConnections && ((listening) => peerConnections.open(servers, listening)),
      timer: (run) => timers.schedule(openWithin, run),
      checkTimer: (run) => timers.schedule(checkEvery, run),
      onOver: () => this.#sessions.delete(sid),
    };
    const session = new ChannelSession(peer, listener, options);
    this.#sessions.set(sid, session);
    return session;
  }

  async #onJingle(iq: XmlElement): Promise<IqOutcome> {
    const [payload] = iq.elements();
    const from = iq.attribute('from') ?? '';
    const message = payload && decodeJingle(payload);
    if (message === undefined) return new StanzaError('bad-request', 'not a session of this kind');
    if (message.action === 'session-initiate') return this.#onInitiate(from, message);
    const session = this.#sessionOf(message.sid, from);
    if (session === undefined) return unknownSession();
    switch (message.action) {
      case 'session-accept':
        if (message.transport !== undefined) this.#go(session, session.accepted(from, message.transport));
        break;
      case 'session-info':
        if (message.isEnd === true) session.otherEnded();
        break;
      case 'session-terminate':
        session.over(message.reason === 'success' ? undefined : (message.reason ?? 'the other side ended it'));
    }
    return undefined;
  }

  async #onInitiate(from: string, message: JingleMessage): Promise<IqOutcome> {
    const transport = message.transport!;
    const refusal = this.#refusal(message);
    if (refusal !== undefined) return refusal;
    const servers = transport.kind === 'ice' ? await this.#servers(undefined) : [];
    // Others may have come while the domain was asked.
    return this.#refusal(message) ?? this.#take(from, message, servers);
  }

  #refusal({ sid, channel = '', transport }: JingleMessage): StanzaError | undefined {
    const { peerConnections, maximumChannels = 64, blockSize = 4096 } = this.#options;
    if (!this.#offers.has(channel)) return new StanzaError('item-not-found', 'there is no channel of that name');
    if (this.#sessions.has(sid)) return new StanzaError('conflict');
    if (this.#sessions.size >= maximumChannels) return new StanzaError('resource-constraint');
    if (transport!.kind === 'ice') return peerConnections ? undefined : new StanzaError('feature-not-implemented');
    const isFit = transport!.blockSize <= blockSize;
    return isFit ? undefined : new StanzaError('not-acceptable', `blocks of at most ${blockSize} bytes`);
  }

  #take(from: string, { sid, channel = '', transport }: JingleMessage, servers: readonly IceServer[]): IqOutcome {
    const opened = Promise.withResolvers<Channel>();
    opened.promise.catch(() => {});
    const listener = this.#offers.get(channel)!(from, opened.promise);
    if (listener instanceof StanzaError) return listener;
    const session = this.#begin(from, sid, channel, false, servers, listener);
    session.opened.then(opened.resolve, opened.reject);
    this.#go(session, session.answer(transport!));
    return undefined;
  }

  async #onInBand(iq: XmlElement): Promise<IqOutcome> {
    const [payload] = iq.elements();
    const session = this.#sessionOf(payload?.attribute('sid') ?? '', iq.attribute('from') ?? '');
    if (session === undefined || payload === undefined) return new StanzaError('item-not-found');
    if (payload.name !== 'close') return session.inBand(payload);
    session.over('the other side ended it');
    return undefined;
  }

  /** Of who it is with, and of nobody else. */
  #sessionOf(sid: string, from: string): ChannelSession | undefined {
    const session = this.#sessions.get(sid);
    const isTheirs = session?.peer === from || session?.peer === Jid.parse(from)?.bare.toString();
    return isTheirs ? session : undefined;
  }

  #go(session: ChannelSession, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#log.info('a channel failed', { error });
      session.close('failed-application', (error as Error).message);
    });
  }

  async #servers(signal: AbortSignal | undefined): Promise<readonly IceServer[]> {
    try {
      return await externalServers(this.#options.client, signal);
    } catch (error) {
      signal?.throwIfAborted();
      this.#log.info('the domain names no STUN or TURN servers', { reason: (error as Error).message });
      return [];
    }
  }
}

/** A refusal is about who asks and what for; it would be no other through the server. */
function mayGoThroughServer(error: unknown): boolean {
  return !(error instanceof Refused) || error.condition === 'feature-not-implemented';
}
