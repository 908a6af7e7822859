import { BlockList, isIP, type Server, type Socket } from 'node:net';
import { networkKey } from '@yaolian/directory';

export interface AddressLimit {
  /** Connections of one address, or IPv6 network of 64 bits, at a time. */
  readonly limit: number;
  /** Addresses and networks with commas between them that stand for many callers; so does this machine. */
  readonly proxies: string | undefined;
  readonly onRefused?: () => void;
}

/** Closes what comes beyond from one address, so that nobody alone takes all connections that there are (`http.max-connections`). */
export function limitPerAddress(server: Pick<Server, 'on'>, { limit, proxies = '', onRefused }: AddressLimit): void {
  const exempt = networksIn(`127.0.0.0/8,::1,${proxies}`);
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '');
    if (address === undefined || exempt.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')) return;
    const key = networkKey(address);
    const count = open.get(key) ?? 0;
    if (count >= limit) {
      onRefused?.();
      socket.destroy();
      return;
    }
    open.set(key, count + 1);
    socket.once('close', () => {
      const left = open.get(key)! - 1;
      if (left === 0) open.delete(key);
      else open.set(key, left);
    });
  });
}

function networksIn(list: string): BlockList {
  const all = new BlockList();
  for (const one of list.split(',').map((text) => text.trim())) {
    const [address = '', bits] = one.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) continue;
    if (bits === undefined) all.addAddress(address, family);
    else all.addSubnet(address, Number(bits), family);
  }
  return all;
}
