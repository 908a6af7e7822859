/** How bytes go: straight, through a TURN server, or through the message server. */
export type ChannelPath = 'direct' | 'relayed' | 'in-band';

export interface ChannelListener {
  /** What is sent next waits until this has resolved, where the path lets it. Boundaries are not kept. */
  onData(data: Uint8Array): void | Promise<void>;
  /** The other side sends no more; this side may. */
  onEnd?(): void;
  /** @param reason undefined: both sides had ended */
  onClosed?(reason: string | undefined): void;
}

/** Bytes between two accounts, all and in order, both ways. */
export interface Channel {
  /** The full address of the other side. */
  readonly peer: string;
  readonly name: string;
  readonly path: ChannelPath;
  /** Resolves when more may be sent. @throws YaolianError RA_CHANNEL_CLOSED */
  send(data: Uint8Array): Promise<void>;
  /** There is no more to send. */
  end(): void;
  /** At once, whatever is on its way. @param reason a condition of XEP-0166 §7.4. Default: cancel */
  close(reason?: string): void;
}
