import { type DataPush, decodeDataPush, Home } from '@yaolian/igrs/client';
import { Jid, scramClients, webSocketConnector, type XmlElement, XmppClient } from '@yaolian/xmpp';
import { webClock, webRandom, webSaslCrypto, webTimers } from '@yaolian/xmpp/web';

export interface SessionListener {
  /** The connection is there; after a new session everything is asked again. */
  online(isResumed: boolean): void;
  offline(): void;
  /** A device came, went, or fell asleep. @param device `lamp@home.example` */
  presence(device: string, state: 'online' | 'sleeping' | 'offline'): void;
  data(push: DataPush): void;
}

export interface Session {
  readonly home: Home;
  close(): void;
}

/**
 * Signs in.
 * @param server `wss://home.example/xmpp-websocket`
 * @throws YaolianError XMPP_…
 */
export async function signIn(server: string, jid: Jid, password: string, listener: SessionListener): Promise<Session> {
  const client = new XmppClient({
    jid,
    connector: webSocketConnector({ url: server, open: (url, protocol) => new WebSocket(url, protocol) }),
    mechanisms: scramClients({ crypto: webSaslCrypto, username: jid.local!, password }),
    // Without TLS only to this machine: browsers let pages that came by HTTPS open no other.
    requireTls: !/^ws:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(server),
    ...{ clock: webClock, timers: webTimers, random: webRandom },
    listener: {
      onOnline: (_, isResumed) => {
        if (!isResumed) client.sendPresence();
        listener.online(isResumed);
      },
      onOffline: () => listener.offline(),
      onPresence: (presence) => hearPresence(presence, listener),
      onMessage: (message) => {
        const push = decodeDataPush(message, jid.domain);
        if (push !== undefined) listener.data(push);
      },
    },
  });
  await client.connect();
  return { home: new Home(client), close: () => client.close() };
}

/** GB/T 29265.205 §13: a terminal is there as `lamp@home.example/terminal`; `xa` while it sleeps. */
function hearPresence(presence: XmlElement, listener: SessionListener): void {
  const device = Jid.parse(presence.attribute('from') ?? '')?.bare;
  const type = presence.attribute('type');
  if (device === undefined || (type !== undefined && type !== 'unavailable')) return;
  const state = type === 'unavailable' ? 'offline' : presence.childText('show') === 'xa' ? 'sleeping' : 'online';
  listener.presence(String(device), state);
}
