import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeUtf8, emptyBytes, encodeUtf8, type Log, silentLog, socketAddress } from '@yaolian/kernel';
import { Code } from './codes.ts';
import { ContentFormat } from './content-format.ts';
import type { IncomingRequest, Observer, ObserverOffer, OutgoingResponse } from './exchange.ts';
import { type Option, OptionNumber } from './options.ts';
import { ResourceTree } from './resource-tree.ts';
import { parseUriPath } from './uri.ts';

const peer = socketAddress('192.0.2.1', 40_000);

function requestFor(method: number, path: string, overrides: Partial<IncomingRequest> = {}): IncomingRequest {
  const segments = parseUriPath(path);
  assert.ok(segments.ok);
  return {
    method,
    path: segments.value,
    query: [],
    options: [],
    payload: emptyBytes,
    contentFormat: undefined,
    accept: undefined,
    confirmable: true,
    multicast: false,
    peer,
    observer: undefined,
    cancelsObservation: false,
    ...overrides,
  };
}

const get = (path: string, overrides?: Partial<IncomingRequest>) => requestFor(Code.GET, path, overrides);

function content(text: string, more: Partial<OutgoingResponse> = {}): OutgoingResponse {
  return { code: Code.Content, contentFormat: ContentFormat.Text, payload: encodeUtf8(text), ...more };
}

function text(response: OutgoingResponse | undefined): string | undefined {
  return response?.payload && decodeUtf8(response.payload);
}

async function code(tree: ResourceTree, request: IncomingRequest): Promise<number | undefined> {
  return (await tree.handle(request))?.code;
}

/** A peer that asks to observe, as an endpoint would offer it. */
class WatchingPeer implements ObserverOffer, Observer {
  readonly peer = peer;
  active = false;
  readonly notifications: OutgoingResponse[] = [];
  readonly options: ({ readonly confirmable?: boolean } | undefined)[] = [];
  #onEnded: (() => void) | undefined;

  accept(onEnded: () => void): Observer {
    this.active = true;
    this.#onEnded = onEnded;
    return this;
  }

  notify(response: OutgoingResponse, options?: { readonly confirmable?: boolean }): void {
    this.notifications.push(response);
    this.options.push(options);
  }

  end(): void {
    this.active = false;
    this.#onEnded?.();
  }
}

function gate<T>(): { readonly promise: Promise<T>; open(value: T): void; fail(error: unknown): void } {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  return { promise, open: resolve, fail: reject };
}

describe('ResourceTree: paths and methods', () => {
  it('answers 4.04 where nothing is and 4.05 where the method is not', async () => {
    const tree = new ResourceTree();
    tree.add('/a/b', { get: () => content('b') });
    assert.equal(await code(tree, get('/')), Code.NotFound);
    assert.equal(await code(tree, get('/a')), Code.NotFound);
    assert.equal(await code(tree, get('/a/b/c')), Code.NotFound);
    assert.equal(await code(tree, get('/a/b/')), Code.NotFound);
    assert.equal(await code(tree, get('/a/b')), Code.Content);
    assert.equal(await code(tree, requestFor(Code.PUT, '/a/b')), Code.MethodNotAllowed);
    assert.equal(await code(tree, requestFor(0x1f, '/a/b')), Code.MethodNotAllowed);
  });

  it('knows every method', async () => {
    const tree = new ResourceTree();
    const echo = (request: IncomingRequest) => ({ code: Code.Changed, payload: Uint8Array.of(request.method) });
    tree.add('/all', { post: echo, put: echo, delete: echo, fetch: echo, patch: echo, ipatch: echo });
    for (const method of [Code.POST, Code.PUT, Code.DELETE, Code.FETCH, Code.PATCH, Code.iPATCH]) {
      const response = await tree.handle(requestFor(method, '/all'));
      assert.deepEqual(response?.payload, Uint8Array.of(method));
    }
    assert.equal(await code(tree, get('/all')), Code.MethodNotAllowed);
  });

  it('answers in the same turn when the handler does', () => {
    const tree = new ResourceTree();
    tree.add('/now', { get: () => content('now') });
    assert.equal((tree.handle(get('/now')) as OutgoingResponse).code, Code.Content);
  });

  it('hands a subtree to its nearest mount, a resource first', async () => {
    const tree = new ResourceTree();
    const seen: string[] = [];
    const mounted = (name: string) => (request: IncomingRequest) => {
      seen.push(`${name}:${request.path.join('/')}`);
      return content(name);
    };
    const unmount = tree.mount(['rd'], mounted('rd'));
    tree.mount('/rd/deep', mounted('deep'));
    tree.mount([], mounted('rest'));
    tree.add('/rd/status', { get: () => content('status') });
    for (const path of ['/rd', '/rd/5a', '/rd/deep/er', '/rd/deep', '/other']) await tree.handle(get(path));
    assert.deepEqual(seen, ['rd:rd', 'rd:rd/5a', 'deep:rd/deep/er', 'deep:rd/deep', 'rest:other']);
    assert.equal(text(await tree.handle(get('/rd/status'))), 'status');
    unmount();
    assert.equal(text(await tree.handle(get('/rd/5a'))), 'rest');
    assert.equal(text(await tree.handle(get('/rd/deep/er'))), 'deep');
  });

  it('refuses two of the same, and paths that are none', () => {
    const tree = new ResourceTree();
    tree.add('/a', {});
    assert.throws(() => tree.add(['a'], {}), /resource at \/a already/);
    tree.mount('/a', () => undefined);
    assert.throws(() => tree.mount('/a', () => undefined), /mounted at \/a already/);
    assert.throws(() => tree.add('/%', {}), RangeError);
    assert.throws(() => tree.add('/.well-known/core', {}), RangeError);
    assert.throws(() => tree.add('/b', { attributes: [{ name: 'not a name', value: '' }] }), RangeError);
    assert.throws(() => tree.mount('/c', () => undefined, { description: { attributes: [{ name: '', value: '' }] } }));
    tree.add('/b', {});
  });

  it('forgets a removed resource, and may get it again', async () => {
    const tree = new ResourceTree();
    const resource = tree.add('/a/b/c', { get: () => content('1') });
    tree.add('/a/b', { get: () => content('2') });
    resource.remove();
    resource.remove();
    assert.equal(await code(tree, get('/a/b/c')), Code.NotFound);
    assert.equal(await code(tree, get('/a/b')), Code.Content);
    assert.deepEqual(
      tree.links().map(({ target }) => target),
      ['/a/b'],
    );
    tree.add('/a/b/c', { get: () => content('3') });
    resource.remove();
    assert.equal(text(await tree.handle(get('/a/b/c'))), '3');
  });

  it('walks no further into a path than the tree goes', () => {
    const tree = new ResourceTree();
    tree.add('/a', {});
    const path = Array.from({ length: 10_000 }, () => 'a');
    let read = 0;
    const watched = new Proxy(path, {
      get: (target, property) => {
        if (typeof property === 'string' && /^\d+$/.test(property)) read++;
        return Reflect.get(target, property);
      },
    });
    assert.equal((tree.handle(get('/', { path: watched })) as OutgoingResponse).code, Code.NotFound);
    assert.ok(read <= 2, `${read} segments looked at`);
  });
});

describe('ResourceTree: formats', () => {
  const tree = new ResourceTree();
  const put = () => ({ code: Code.Changed });
  tree.add('/one', { ct: 0, accepts: [0, 50], get: () => content('1'), put, fetch: () => content('1') });
  tree.add('/two', { ct: [0, 50], accepts: { put: [50] }, get: () => content('2'), put, post: put });

  // RFC 7252 §5.10.4
  it('answers 4.06 to an Accept that the resource cannot meet', async () => {
    assert.equal(await code(tree, get('/one', { accept: 0 })), Code.Content);
    assert.equal(await code(tree, get('/one', { accept: 60 })), Code.NotAcceptable);
    assert.equal(await code(tree, get('/two', { accept: 50 })), Code.Content);
    assert.equal(text(await tree.handle(get('/two', { accept: 60 }))), 'Accept is one of 0, 50');
    assert.equal(await code(tree, requestFor(Code.FETCH, '/one', { accept: 60 })), Code.NotAcceptable);
  });

  // RFC 7252 §5.9.2.11
  it('answers 4.15 to a Content-Format that the resource does not take', async () => {
    assert.equal(await code(tree, requestFor(Code.PUT, '/one', { contentFormat: 50 })), Code.Changed);
    assert.equal(await code(tree, requestFor(Code.PUT, '/one', { contentFormat: 60 })), Code.UnsupportedContentFormat);
    assert.equal(
      await code(tree, requestFor(Code.FETCH, '/one', { contentFormat: 60 })),
      Code.UnsupportedContentFormat,
    );
    assert.equal(await code(tree, requestFor(Code.PUT, '/one')), Code.Changed);
    assert.equal(await code(tree, requestFor(Code.PUT, '/two', { contentFormat: 0 })), Code.UnsupportedContentFormat);
    assert.equal(await code(tree, requestFor(Code.POST, '/two', { contentFormat: 0 })), Code.Changed);
  });
});

describe('ResourceTree: ETags and preconditions', () => {
  const one = Uint8Array.of(1);
  const two = Uint8Array.of(2);
  const withOptions = (...options: Option[]) => ({ options });
  const etagOption = (value: Uint8Array): Option => ({ number: OptionNumber.ETag, value });
  const ifMatch = (value: Uint8Array): Option => ({ number: OptionNumber.IfMatch, value });
  const ifNoneMatch: Option = { number: OptionNumber.IfNoneMatch, value: emptyBytes };

  // RFC 7252 §5.10.6.2
  it('validates with the ETag of the answer', async () => {
    const tree = new ResourceTree();
    tree.add('/a', { get: () => content('a', { etag: one }) });
    const valid = await tree.handle(get('/a', withOptions(etagOption(two), etagOption(one))));
    assert.deepEqual(valid, { code: Code.Valid, etag: one });
    assert.equal(await code(tree, get('/a', withOptions(etagOption(two)))), Code.Content);
  });

  it('validates without asking the handler when the resource knows its ETag', async () => {
    const tree = new ResourceTree();
    let asked = 0;
    tree.add('/a', {
      etag: () => one,
      get: () => {
        asked++;
        return content('a');
      },
    });
    assert.deepEqual(await tree.handle(get('/a', withOptions(etagOption(one)))), { code: Code.Valid, etag: one });
    assert.equal(asked, 0);
    assert.deepEqual((await tree.handle(get('/a')))?.etag, one);
    assert.deepEqual((await tree.handle(get('/a', withOptions(etagOption(two)))))?.etag, one);
  });

  it('puts no ETag on an answer that the state overtook', async () => {
    const tree = new ResourceTree();
    let etag = one;
    const answer = gate<OutgoingResponse>();
    tree.add('/a', { etag: () => etag, get: () => answer.promise });
    const reply = tree.handle(get('/a'));
    etag = two;
    answer.open(content('old or new'));
    assert.equal((await reply)?.etag, undefined);
  });

  it('keeps Max-Age when it validates and leaves other answers alone', async () => {
    const tree = new ResourceTree();
    const maxAge = 5_000 as NonNullable<OutgoingResponse['maxAge']>;
    tree.add('/a', { get: () => content('a', { etag: one, maxAge }) });
    tree.add('/b', { get: () => ({ code: Code.ServiceUnavailable, etag: one }) });
    assert.deepEqual(await tree.handle(get('/a', withOptions(etagOption(one)))), {
      code: Code.Valid,
      etag: one,
      maxAge,
    });
    assert.equal(await code(tree, get('/b', withOptions(etagOption(one)))), Code.ServiceUnavailable);
  });

  // RFC 7252 §5.10.8
  it('checks If-Match and If-None-Match before it asks the handler', async () => {
    const tree = new ResourceTree();
    let exists = true;
    let written = 0;
    tree.add('/a', {
      etag: () => (exists ? one : undefined),
      exists: () => exists,
      get: () => content('a'),
      put: () => {
        written++;
        return { code: Code.Changed };
      },
    });
    const put = (...options: Option[]) => code(tree, requestFor(Code.PUT, '/a', withOptions(...options)));
    assert.equal(await put(ifMatch(two)), Code.PreconditionFailed);
    assert.equal(await put(ifNoneMatch), Code.PreconditionFailed);
    assert.equal(written, 0);
    assert.equal(await put(ifMatch(two), ifMatch(one)), Code.Changed);
    assert.equal(await put(ifMatch(emptyBytes)), Code.Changed);
    exists = false;
    assert.equal(await put(ifMatch(emptyBytes)), Code.PreconditionFailed);
    assert.equal(await put(ifMatch(one)), Code.PreconditionFailed);
    assert.equal(await put(ifNoneMatch), Code.Changed);
    assert.equal(await code(tree, get('/a')), Code.NotFound);
  });

  it('fails If-Match with a value on a resource without ETags', async () => {
    const tree = new ResourceTree();
    tree.add('/a', { put: () => ({ code: Code.Changed }) });
    assert.equal(await code(tree, requestFor(Code.PUT, '/a', withOptions(ifMatch(one)))), Code.PreconditionFailed);
  });
});

describe('ResourceTree: observers', () => {
  it('notifies with what each observer would get', async () => {
    const tree = new ResourceTree();
    let state = 1;
    const resource = tree.add('/a', { obs: true, get: ({ query }) => content(`${state}${query.join()}`) });
    const [plain, asking] = [new WatchingPeer(), new WatchingPeer()];
    assert.equal(text(await tree.handle(get('/a', { observer: plain }))), '1');
    assert.equal(text(await tree.handle(get('/a', { observer: asking, query: ['x'] }))), '1x');
    assert.equal(resource.observerCount, 2);
    state = 2;
    resource.changed();
    plain.end();
    state = 3;
    resource.changed({ confirmable: true });
    assert.deepEqual(plain.notifications.map(text), ['2']);
    assert.deepEqual(asking.notifications.map(text), ['2x', '3x']);
    assert.deepEqual(asking.options.at(-1), { confirmable: true });
    assert.equal(resource.observerCount, 1);
  });

  it('observes with FETCH too', async () => {
    const tree = new ResourceTree();
    const resource = tree.add('/a', { obs: true, fetch: ({ payload }) => content(`got ${payload.length}`) });
    const watching = new WatchingPeer();
    await tree.handle(requestFor(Code.FETCH, '/a', { observer: watching, payload: Uint8Array.of(1, 2) }));
    resource.changed();
    assert.deepEqual(watching.notifications.map(text), ['got 2']);
  });

  it('takes nobody on who cannot be: not observable, not a 2.xx, too many', async () => {
    const tree = new ResourceTree({ maximumObservers: 1 });
    const deaf = tree.add('/deaf', { get: () => content('') });
    const broken = tree.add('/broken', { obs: true, get: () => ({ code: Code.ServiceUnavailable }) });
    const throwing = tree.add('/throwing', {
      obs: true,
      get: () => {
        throw new Error('broken');
      },
    });
    const good = tree.add('/good', { obs: true, get: () => content('good') });
    await tree.handle(get('/deaf', { observer: new WatchingPeer() }));
    await tree.handle(get('/broken', { observer: new WatchingPeer() }));
    assert.throws(() => tree.handle(get('/throwing', { observer: new WatchingPeer() })), /broken/);
    const [first, second] = [new WatchingPeer(), new WatchingPeer()];
    assert.equal(await code(tree, get('/good', { observer: first })), Code.Content);
    assert.equal(await code(tree, get('/good', { observer: second })), Code.Content);
    assert.deepEqual([first.active, second.active], [true, false]);
    assert.deepEqual(
      [deaf, broken, throwing, good].map(({ observerCount }) => observerCount),
      [0, 0, 0, 1],
    );
    first.end();
    await tree.handle(get('/good', { observer: second }));
    assert.equal(second.active, true);
  });

  // RFC 7641 §4.2
  it('ends with the first notification that is no 2.xx', async () => {
    const lines: string[] = [];
    const log: Log = { ...silentLog, error: (message) => lines.push(message) };
    const tree = new ResourceTree({ log });
    let answer = (): OutgoingResponse => content('fine');
    const resource = tree.add('/a', { obs: true, get: () => answer() });
    const [first, second] = [new WatchingPeer(), new WatchingPeer()];
    await tree.handle(get('/a', { observer: first }));
    answer = () => ({ code: Code.Forbidden });
    resource.changed();
    answer = () => content('fine');
    await tree.handle(get('/a', { observer: second }));
    answer = () => {
      throw new Error('broken');
    };
    resource.changed();
    resource.changed();
    assert.deepEqual(
      first.notifications.map((response) => response.code),
      [Code.Forbidden],
    );
    assert.deepEqual(
      second.notifications.map((response) => response.code),
      [Code.InternalServerError],
    );
    assert.deepEqual(lines, ['a resource failed while its observers were notified']);
    assert.equal(resource.observerCount, 0);
  });

  it('tells its observers when it goes', async () => {
    const tree = new ResourceTree();
    const resource = tree.add('/a', { obs: true, get: () => content('a') });
    const watching = new WatchingPeer();
    await tree.handle(get('/a', { observer: watching }));
    resource.remove();
    resource.changed();
    assert.deepEqual(watching.notifications, [{ code: Code.NotFound }]);
  });

  it('makes one more representation for all the changes that came while one was made', async () => {
    const tree = new ResourceTree();
    const gates = Array.from({ length: 4 }, () => gate<OutgoingResponse>());
    let asked = 0;
    const resource = tree.add('/a', { obs: true, get: () => gates[asked++]!.promise });
    const watching = new WatchingPeer();
    const first = tree.handle(get('/a', { observer: watching }));
    gates[0]!.open(content('first'));
    await first;
    resource.changed();
    resource.changed({ confirmable: true });
    resource.changed();
    assert.equal(asked, 2);
    gates[1]!.open(content('second'));
    await gates[1]!.promise;
    await Promise.resolve();
    assert.equal(asked, 3);
    gates[2]!.open(content('third'));
    await gates[2]!.promise;
    await Promise.resolve();
    assert.equal(asked, 3);
    assert.deepEqual(watching.notifications.map(text), ['second', 'third']);
    assert.deepEqual(watching.options.at(-1), { confirmable: true });
  });

  it('answers first with the state after the last change, never with one before', async () => {
    const tree = new ResourceTree();
    const gates = Array.from({ length: 2 }, () => gate<OutgoingResponse>());
    let asked = 0;
    const resource = tree.add('/a', { obs: true, get: () => gates[asked++]!.promise });
    const watching = new WatchingPeer();
    const first = tree.handle(get('/a', { observer: watching }));
    resource.changed();
    gates[0]!.open(content('stale'));
    gates[1]!.open(content('fresh'));
    assert.equal(text(await first), 'fresh');
    assert.equal(watching.active, true);
    assert.deepEqual(watching.notifications, []);
  });

  it('takes nobody on where the state changes faster than it can be read', async () => {
    const tree = new ResourceTree();
    const resource = tree.add('/a', {
      obs: true,
      get: () => {
        resource.changed();
        return content('whirling');
      },
    });
    const watching = new WatchingPeer();
    assert.equal(text(await tree.handle(get('/a', { observer: watching }))), 'whirling');
    assert.equal(watching.active, false);
    assert.equal(resource.observerCount, 0);
  });

  it('survives an observer that leaves, or a resource that goes, while a representation is made', async () => {
    const tree = new ResourceTree();
    const gates = Array.from({ length: 3 }, () => gate<OutgoingResponse>());
    let asked = 0;
    const resource = tree.add('/a', { obs: true, get: () => gates[asked++]!.promise });
    const [leaving, late] = [new WatchingPeer(), new WatchingPeer()];
    const first = tree.handle(get('/a', { observer: leaving }));
    gates[0]!.open(content('1'));
    await first;
    resource.changed();
    leaving.end();
    gates[1]!.open(content('2'));
    await gates[1]!.promise;
    assert.deepEqual(leaving.notifications, []);
    const second = tree.handle(get('/a', { observer: late }));
    resource.remove();
    gates[2]!.fail(new Error('gone'));
    await assert.rejects(Promise.resolve(second), /gone/);
    assert.equal(late.active, false);
    assert.equal(resource.observerCount, 0);
  });
});

describe('ResourceTree: groups', () => {
  const multicast = true;

  // RFC 7252 §8.2
  it('answers a group only where it may, and only with something useful', async () => {
    const tree = new ResourceTree();
    tree.add('/shy', { get: () => content('x') });
    tree.add('/open', { multicast, get: () => content('x') });
    tree.add('/later', { multicast, get: () => Promise.resolve({ code: Code.Forbidden }) });
    tree.mount('/rd', () => ({ code: Code.Created }));
    tree.mount('/group', () => ({ code: Code.Changed }), { multicast });
    assert.equal(await code(tree, get('/open', { multicast })), Code.Content);
    assert.equal(await code(tree, requestFor(Code.POST, '/group', { multicast })), Code.Changed);
    for (const path of ['/shy', '/rd', '/nowhere', '/later']) {
      assert.equal(await tree.handle(get(path, { multicast })), undefined, path);
    }
    assert.equal(await tree.handle(requestFor(Code.PUT, '/open', { multicast })), undefined);
  });

  it('does not let a group observe', async () => {
    const tree = new ResourceTree();
    const resource = tree.add('/a', { multicast, obs: true, get: () => content('a') });
    await tree.handle(get('/a', { multicast, observer: new WatchingPeer() }));
    assert.equal(resource.observerCount, 0);
  });

  // RFC 6690 §4.1
  it('is silent when the filter leaves nothing, and speaks when asked alone', async () => {
    const tree = new ResourceTree();
    assert.equal(await tree.handle(get('/.well-known/core', { multicast })), undefined);
    tree.add('/a', { rt: 'x' });
    assert.equal(text(await tree.handle(get('/.well-known/core', { multicast }))), '</a>;rt="x"');
    assert.equal(await tree.handle(get('/.well-known/core', { multicast, query: ['rt=y'] })), undefined);
    const alone = await tree.handle(get('/.well-known/core', { query: ['rt=y'] }));
    assert.deepEqual([alone?.code, alone?.payload?.length], [Code.Content, 0]);
  });
});

describe('ResourceTree: discovery', () => {
  it('describes resources and mounts in the order of adding, and keeps quiet about the rest', async () => {
    const tree = new ResourceTree();
    tree.add('/temperature', {
      rt: ['core.s', 'temperature'],
      if: 'sensor',
      ct: [0, 50],
      title: 'In the "attic"',
      sz: 40,
      obs: true,
      attributes: [{ name: 'ver', value: '1.1' }],
    });
    tree.add('/secret', { listed: false });
    tree.mount('/rd', () => undefined, { description: { rt: 'core.rd', ct: 40 } });
    tree.mount('/quiet', () => undefined);
    tree.add(['a b', 'c/d'], {});
    assert.equal(
      text(await tree.handle(get('/.well-known/core'))),
      '</temperature>;rt="core.s temperature";if="sensor";ct="0 50";title="In the \\"attic\\"";sz=40;obs;ver=1.1' +
        ',</rd>;rt="core.rd";ct=40,</a%20b/c%2Fd>',
    );
  });

  it('sees what is added and removed later', async () => {
    const tree = new ResourceTree();
    const listing = async () => text(await tree.handle(get('/.well-known/core')));
    const unmount = tree.mount('/rd', () => undefined, { description: {} });
    assert.equal(await listing(), '</rd>');
    const resource = tree.add('/a', {});
    assert.equal(await listing(), '</rd>,</a>');
    unmount();
    assert.equal(await listing(), '</a>');
    resource.remove();
    assert.equal(await listing(), '');
  });

  it('can be switched off, and replaced', async () => {
    const tree = new ResourceTree({ discovery: false });
    assert.equal(await code(tree, get('/.well-known/core')), Code.NotFound);
    tree.add('/.well-known/core', { get: () => content('mine') });
    assert.equal(text(await tree.handle(get('/.well-known/core'))), 'mine');
  });
});
