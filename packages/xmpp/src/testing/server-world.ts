import { seconds, socketAddress } from '@yaolian/kernel';
import { SeededRandom, SimulatedStreams, VirtualTime } from '@yaolian/testkit';
import type { XmppServerOptions } from '../server/options.ts';
import type { SessionHandler, XmppSession } from '../server/ports.ts';
import { XmppServer } from '../server/server.ts';
import type { Stanza } from '../server/stanza.ts';
import type { XmlElement } from '../xml/element.ts';
import { passwordTable } from './plain-mechanism.ts';
import { ScriptedClient } from './scripted-client.ts';
import { transportListener } from './simulated-transport.ts';

/** Hands stanzas to the sessions that they are addressed to, and notes what happens. */
export class NotingHandler implements SessionHandler {
  readonly sessions = new Map<string, XmppSession>();
  readonly bound: XmppSession[] = [];
  readonly requests: XmlElement[] = [];
  readonly stanzas: Stanza[] = [];
  readonly ended: { readonly session: XmppSession; readonly undelivered: readonly XmlElement[] }[] = [];
  /** When set, stanzas are taken over once it settles. */
  gate: Promise<void> | undefined;

  onBound(session: XmppSession, requests: readonly XmlElement[]): void {
    this.bound.push(session);
    this.requests.push(...requests);
    this.sessions.set(session.jid.toString(), session);
  }

  onStanza(_session: XmppSession, stanza: Stanza): void | Promise<void> {
    this.stanzas.push(stanza);
    this.sessions.get(stanza.element.attribute('to') ?? '')?.deliver(stanza);
    return this.gate;
  }

  onEnded(session: XmppSession, undelivered: readonly Stanza[]): void {
    this.sessions.delete(session.jid.toString());
    this.ended.push({ session, undelivered: undelivered.map(({ element }) => element) });
  }
}

/** A server for example.org in virtual time, on port 5222, 5223 (TLS from the start) and 5280 (WebSockets). */
export function serverWorld(options: Partial<XmppServerOptions> = {}) {
  const time = new VirtualTime();
  const streams = new SimulatedStreams({ timers: time });
  const handler = new NotingHandler();
  const server = new XmppServer({
    domains: ['example.org'],
    listeners: [
      transportListener(streams.listen('192.0.2.1', 5222)),
      transportListener(streams.listen('192.0.2.1', 5223), { isSecure: true }),
      transportListener(streams.listen('192.0.2.1', 5280, true), { isSecure: true }),
    ],
    clock: time,
    timers: time,
    random: new SeededRandom(1),
    mechanisms: () => [passwordTable({ juliet: 'secret', romeo: 'secret' })],
    handler,
    ...options,
  });
  const connect = async (port = 5222, from = '192.0.2.9') => {
    const connected = streams.connector(from).connect(socketAddress('192.0.2.1', port), new AbortController().signal);
    return new ScriptedClient(await time.until(connected, seconds(1)), time);
  };
  return { time, streams, handler, server, connect };
}
