import { type FromPage, sayAgainEvery, type ToPage, type Want } from './feed-messages.ts';
import workerUrl from './feed-worker.ts?sharedworker&url';

export interface Listener {
  /** What was told, as it came. */
  readonly told: (told: unknown) => void;
  /** The stream has begun, or begun again: something may have been missed in between. Or it has broken, and is tried again. */
  readonly live: (isLive: boolean) => void;
  /** The platform gives no stream, and is asked again: the session may have ended. */
  readonly refused: () => void;
}

interface Following {
  readonly want: Want;
  readonly url: string;
  readonly listener: Listener;
  /** Closes the stream of its own, where it has one. */
  close?: () => void;
}

const following = new Map<number, Following>();
let lastNumber = 0;
/** Undefined until something is followed; null where the browser shares none, as on Android. */
let port: MessagePort | null | undefined;
let again: ReturnType<typeof setInterval> | undefined;

/**
 * Follows a stream of the platform, which the pages of this browser share where it lets them.
 * @param url of the stream for this page alone, where nothing is shared
 * @returns what ends it
 */
export function follow(want: Want, url: string, listener: Listener): () => void {
  const number = ++lastNumber;
  const one: Following = { want, url, listener };
  following.set(number, one);
  if (port === undefined) port = connect();
  if (port === null) one.close = followAlone(one);
  else say();
  return () => {
    following.delete(number);
    one.close?.();
    say();
  };
}

/** Whether pages share streams here: then one that nobody looks at takes no connection of the others. */
export function sharesStreams(): boolean {
  if (port === undefined) port = connect();
  return port !== null;
}

function connect(): MessagePort | null {
  if (typeof SharedWorker === 'undefined') return null;
  try {
    const worker = new SharedWorker(trusted(workerUrl), { name: 'yaolian' });
    worker.onerror = alone;
    worker.port.onmessage = ({ data }: MessageEvent<ToPage>) => hear(data);
    addEventListener('pagehide', () => worker.port.postMessage({ wants: [] } satisfies FromPage));
    addEventListener('pageshow', ({ persisted }) => persisted && say());
    return worker.port;
  } catch {
    return null; // a setting of the browser forbids it
  }
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

/** The policy of the page lets the address of a script be made once, here, and of this one script alone. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  return trustedTypes?.createPolicy('yaolian-worker', { createScriptURL: () => workerUrl }).createScriptURL(url) ?? url;
}

/** The worker did not start: each page has streams of its own. */
function alone(): void {
  port = null;
  clearInterval(again);
  for (const one of following.values()) one.close ??= followAlone(one);
}

function say(): void {
  if (!port) return;
  const wants = [...following].map(([number, { want }]) => [number, want] as const);
  port.postMessage({ wants } satisfies FromPage);
  clearInterval(again);
  if (wants.length > 0) again = setInterval(say, sayAgainEvery);
}

function hear(message: ToPage): void {
  if (message.kind === 'told') {
    for (const number of message.numbers) following.get(number)?.listener.told(message.told);
    return;
  }
  const listener = following.get(message.number)?.listener;
  if (message.kind === 'live') listener?.live(message.isLive);
  else listener?.refused();
}

const refusedPause = 5_000;

/** The browser connects again by itself and goes on after the last event (HTML Living Standard §9.2). */
function followAlone({ want, url, listener }: Following): () => void {
  let source: EventSource;
  let later: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource(url);
    source.onopen = () => listener.live(true);
    source.onerror = () => {
      listener.live(false);
      if (source.readyState !== EventSource.CLOSED) return;
      listener.refused(); // the browser gives up
      later = setTimeout(open, refusedPause);
    };
    const told = ({ data }: MessageEvent<string>) => listener.told(JSON.parse(data));
    for (const type of new Set(['message', 'stream.gap', ...(want.types ?? [])])) source.addEventListener(type, told);
  };
  open();
  return () => {
    clearTimeout(later);
    source.close();
    listener.live(false);
  };
}
