import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type NatKind = 'cone' | 'symmetric';

/** Where everybody sees everybody. */
export const internet = '203.0.113.1';

const namespaces = ['internet', 'left-router', 'right-router', 'left', 'right'] as const;

export type Place = (typeof namespaces)[number];

/**
 * Two homes behind NATs of their own, and an internet between them, in network namespaces: `left` and `right` reach `internet`, and
 * nobody reaches them unasked. Needs root and nftables.
 */
export class NatNetwork {
  readonly #prefix: string;

  constructor(kind: NatKind, domain: string) {
    this.#prefix = `yl${process.pid % 10_000}-`;
    try {
      this.#build(kind);
      for (const place of namespaces) {
        mkdirSync(this.#folder(place), { recursive: true });
        writeFileSync(join(this.#folder(place), 'hosts'), `127.0.0.1 localhost\n${internet} ${domain}\n`);
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #build(kind: NatKind): void {
    for (const place of namespaces) {
      ip('netns', 'add', this.#name(place));
      this.ip('internet' === place ? 'internet' : place, 'link', 'set', 'lo', 'up');
    }
    this.ip('internet', 'link', 'add', 'bridge', 'type', 'bridge');
    this.ip('internet', 'address', 'add', `${internet}/24`, 'dev', 'bridge');
    this.ip('internet', 'link', 'set', 'bridge', 'up');
    this.#home('left', 11, '10.1.0', kind);
    this.#home('right', 12, '10.2.0', kind);
  }

  #home(side: 'left' | 'right', number: number, net: string, kind: NatKind): void {
    const router = `${side}-router` as const;
    this.#cable(router, 'outside', 'internet', side);
    this.ip('internet', 'link', 'set', side, 'master', 'bridge');
    this.#cable(router, 'inside', side, 'net');
    this.ip(router, 'address', 'add', `203.0.113.${number}/24`, 'dev', 'outside');
    this.ip(router, 'address', 'add', `${net}.1/24`, 'dev', 'inside');
    this.ip(side, 'address', 'add', `${net}.2/24`, 'dev', 'net');
    this.ip(side, 'route', 'add', 'default', 'via', `${net}.1`);
    this.#run(router, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    this.#run(router, 'nft', natRules(kind));
  }

  #cable(a: Place, nameAtA: string, b: Place, nameAtB: string): void {
    const [atA, atB] = [this.#name(a), this.#name(b)];
    ip('link', 'add', nameAtA, 'netns', atA, 'type', 'veth', 'peer', 'name', nameAtB, 'netns', atB);
    this.ip(a, 'link', 'set', nameAtA, 'up');
    this.ip(b, 'link', 'set', nameAtB, 'up');
  }

  ip(place: Place, ...args: readonly string[]): void {
    ip('-n', this.#name(place), ...args);
  }

  /** What a program there prints, once it has ended. */
  #run(place: Place, program: string, ...args: readonly string[]): void {
    execFileSync('ip', ['netns', 'exec', this.#name(place), program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Starts a program there. */
  start(place: Place, program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    return spawn('ip', ['netns', 'exec', this.#name(place), program, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  close(): void {
    for (const place of namespaces) {
      try {
        ip('netns', 'del', this.#name(place));
      } catch {
        // It was not made.
      }
      rmSync(this.#folder(place), { recursive: true, force: true });
    }
  }

  #name(place: Place): string {
    return `${this.#prefix}${place}`;
  }

  #folder(place: Place): string {
    return join('/etc/netns', this.#name(place));
  }
}

/** Nobody gets in unasked. A cone keeps the port that is used inside for all outside; a symmetric NAT takes another for each of them. */
function natRules(kind: NatKind): string {
  const ports = kind === 'symmetric' ? ' fully-random' : '';
  return [
    'table ip home {',
    `chain after { type nat hook postrouting priority 100; oifname "outside" masquerade${ports}; }`,
    'chain in { type filter hook input priority 0; iifname "outside" ct state new drop; }',
    'chain through { type filter hook forward priority 0; iifname "outside" ct state new drop; }',
    '}',
  ].join('\n');
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
}
