/** The shared worker of all pages of this browser that follow what the platform tells. */
import { EventFrameReader } from '@yaolian/contract';
import type { FromPage, ToPage } from './feed-messages.ts';
import { type Frame, SharedStreams, StreamRefused } from './shared-streams.ts';

/** Milliseconds without a heartbeat, which comes every 15 s, after which a stream is dead. */
const silentFor = 40_000;

async function open(url: string, lastEventId: string | undefined, signal: AbortSignal): Promise<AsyncIterable<Frame>> {
  const silence = new AbortController();
  const headers = { accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
  const response = await fetch(url, { headers, cache: 'no-store', signal: AbortSignal.any([signal, silence.signal]) });
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new StreamRefused(String(response.status));
  }
  return framesOf(response.body, silence);
}

async function* framesOf(body: ReadableStream<Uint8Array>, silence: AbortController): AsyncGenerator<Frame> {
  const frames = new EventFrameReader();
  const text = new TextDecoder();
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for (;;) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silentFor);
      const { done, value } = await reader.read();
      if (done) return;
      yield* frames.push(text.decode(value, { stream: true }));
    }
  } finally {
    clearTimeout(timer);
    await reader.cancel().catch(() => undefined); // it may have failed already
  }
}

const streams = new SharedStreams(open);

(globalThis as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = ({ ports: [port] }) => {
  const page = { send: (message: ToPage) => port!.postMessage(message) };
  port!.onmessage = ({ data }: MessageEvent<FromPage>) => streams.hear(page, data);
};
