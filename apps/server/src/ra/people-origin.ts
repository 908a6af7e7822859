import { isIPv4, socketAddress } from '@yaolian/kernel';

export interface PeopleOriginOptions {
  /** `http.public-url` */
  readonly publicUrl: string | undefined;
  /** The origin by which the request came, as its Host header says: `http://127.0.0.1:8080`, or nonsense */
  readonly asked: string;
  /** Where REST, console and home listen: `https://[::]:8443` */
  readonly listening: readonly string[];
  /** Addresses of this machine that other machines may reach. */
  readonly addresses: readonly string[];
}

export interface PeopleOrigin {
  /** Without a slash at the end. */
  readonly origin: string;
  /** Whether only this machine reaches it. */
  readonly isLocal: boolean;
}

/**
 * Where phones reach the platform: as the operator set it or came itself; for an operator on this machine what listens for
 * others, HTTPS before HTTP, because it takes passwords.
 */
export function peopleOrigin({ publicUrl, asked, listening, addresses }: PeopleOriginOptions): PeopleOrigin {
  if (publicUrl !== undefined) return { origin: publicUrl.replace(/\/+$/, ''), isLocal: false };
  const came = originFrom(asked);
  if (came !== undefined && !isOfThisMachine(came)) return { origin: came, isLocal: false };
  const [found] = listening
    .filter((url) => !isOfThisMachine(url))
    .sort((one, other) => Number(other.startsWith('https:')) - Number(one.startsWith('https:')))
    .flatMap((url) => reached(new URL(url), addresses));
  if (found !== undefined) return { origin: found, isLocal: false };
  return { origin: came ?? listening[0] ?? 'http://localhost', isLocal: true };
}

/** Undefined for what is more, or less, than a scheme, a host and a port: anybody can write a Host header. */
function originFrom(text: string): string | undefined {
  if (!/^https?:\/\/[^/?#@\\\s]+$/.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text).origin;
}

function isOfThisMachine(url: string): boolean {
  const { hostname } = new URL(url);
  const host = bare(hostname);
  return host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '::1';
}

/** "Every address" is no address to go to: one of this machine stands for it. */
function reached({ protocol, hostname, port }: URL, addresses: readonly string[]): readonly string[] {
  const host = bare(hostname);
  const isAny = host === '::' || host === '0.0.0.0';
  const own = addresses.find(isIPv4) ?? (host === '::' ? addresses[0] : undefined);
  const chosen = isAny ? own : host;
  const usual = protocol === 'https:' ? 443 : 80;
  return chosen === undefined ? [] : [`${protocol}//${socketAddress(chosen, Number(port || usual)).key}`];
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
