import { decodeUtf8, emptyBytes, failure, type Result, success } from '@yaolian/kernel';
import { type Message, OptionCursor } from '../message.ts';
import type { OutgoingMessage } from '../messaging.ts';
import { isCritical } from '../option-registry.ts';
import { decodeUint, encodeText, uintOption } from '../option-values.ts';
import type { Option } from '../options.ts';

/** Codes of signaling messages (RFC 8323 §5): class 7. */
export const SignalCode = { Csm: 0xe1, Ping: 0xe2, Pong: 0xe3, Release: 0xe4, Abort: 0xe5 } as const;

/** Their options; each code has numbers of its own (RFC 8323 §5.2). */
export const SignalOption = {
  MaxMessageSize: 2,
  BlockWiseTransfer: 4,
  Custody: 2,
  AlternativeAddress: 2,
  HoldOff: 4,
  BadCsmOption: 2,
} as const;

export type Signal =
  | { readonly kind: 'csm'; readonly maximumMessageSize: number | undefined; readonly blockWise: boolean }
  | { readonly kind: 'ping' | 'pong'; readonly custody: boolean; readonly token: Uint8Array }
  | {
      readonly kind: 'release';
      readonly alternativeAddresses: readonly string[];
      /** Seconds. */
      readonly holdOff: number | undefined;
    }
  | { readonly kind: 'abort'; readonly badCsmOption: number | undefined; readonly diagnostic: string }
  | { readonly kind: 'unknown' };

/** A critical option that is not understood: the connection is aborted (RFC 8323 §5.2). */
export interface BadSignal {
  readonly option: number;
  readonly isCsm: boolean;
}

const cursor = new OptionCursor();

/** Reads a message of class 7. Elective options that are unknown or of a wrong length are ignored (RFC 7252 §5.4.1, §5.4.3). */
export function decodeSignal(message: Message): Result<Signal, BadSignal> {
  const { code } = message;
  const isCsm = code === SignalCode.Csm;
  const found = new Map<number, [start: number, end: number]>();
  const addresses: string[] = [];
  cursor.reset(message);
  while (cursor.next()) {
    const { number, start, end } = cursor;
    // RFC 8323 §5.2: every option that is defined so far is elective.
    if (isCritical(number)) return failure({ option: number, isCsm });
    if (!found.has(number)) found.set(number, [start, end]);
    if (code === SignalCode.Release && number === SignalOption.AlternativeAddress && addresses.length < 8) {
      const address = decodeUtf8(message.bytes.subarray(start, end));
      if (address !== undefined && end - start >= 1 && end - start <= 255) addresses.push(address);
    }
  }
  const uint = (number: number, longest: number): number | undefined => {
    const place = found.get(number);
    return place && place[1] - place[0] <= longest ? decodeUint(message.bytes, place[0], place[1]) : undefined;
  };
  switch (code) {
    case SignalCode.Csm: {
      const maximumMessageSize = uint(SignalOption.MaxMessageSize, 4);
      return success({ kind: 'csm', maximumMessageSize, blockWise: found.has(SignalOption.BlockWiseTransfer) });
    }
    case SignalCode.Ping:
    case SignalCode.Pong: {
      const kind = code === SignalCode.Ping ? 'ping' : 'pong';
      return success({ kind, custody: found.has(SignalOption.Custody), token: message.token });
    }
    case SignalCode.Release:
      return success({ kind: 'release', alternativeAddresses: addresses, holdOff: uint(SignalOption.HoldOff, 3) });
    case SignalCode.Abort: {
      const diagnostic = decodeUtf8(message.payload.subarray(0, 256)) ?? '';
      return success({ kind: 'abort', badCsmOption: uint(SignalOption.BadCsmOption, 2), diagnostic });
    }
    default:
      return success({ kind: 'unknown' });
  }
}

function signal(
  code: number,
  options: readonly Option[],
  token: Uint8Array = emptyBytes,
  payload: Uint8Array = emptyBytes,
): OutgoingMessage {
  return { code, token, options, payload };
}

/** Capabilities and Settings Message (RFC 8323 §5.3). Block-Wise-Transfer is always announced. */
export function csm(maximumMessageSize: number): OutgoingMessage {
  const blockWise = { number: SignalOption.BlockWiseTransfer, value: emptyBytes };
  return signal(SignalCode.Csm, [uintOption(SignalOption.MaxMessageSize, maximumMessageSize), blockWise]);
}

const custodyOption = { number: SignalOption.Custody, value: emptyBytes };

export function ping(token: Uint8Array, custody = false): OutgoingMessage {
  return signal(SignalCode.Ping, custody ? [custodyOption] : [], token);
}

export function pong(token: Uint8Array, custody: boolean): OutgoingMessage {
  return signal(SignalCode.Pong, custody ? [custodyOption] : [], token);
}

/** What the peer is told when it is to go: where to, and after how many seconds. */
export interface ReleaseNotice {
  /** Transport addresses such as `192.0.2.7:5683` (RFC 8323 §5.5). */
  readonly alternativeAddresses?: readonly string[];
  readonly holdOffSeconds?: number;
}

export function release({ alternativeAddresses = [], holdOffSeconds }: ReleaseNotice = {}): OutgoingMessage {
  const options = alternativeAddresses.map((address) => ({
    number: SignalOption.AlternativeAddress,
    value: encodeText(address),
  }));
  const holdOff = holdOffSeconds === undefined ? [] : [uintOption(SignalOption.HoldOff, holdOffSeconds)];
  return signal(SignalCode.Release, [...options, ...holdOff]);
}

export function abort(diagnostic: string, badCsmOption?: number): OutgoingMessage {
  const options = badCsmOption === undefined ? [] : [uintOption(SignalOption.BadCsmOption, badCsmOption)];
  return signal(SignalCode.Abort, options, emptyBytes, encodeText(diagnostic));
}
