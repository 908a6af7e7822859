import { saslCrypto } from '@yaolian/node-runtime';
import { verificationString } from '../im/modules/caps.ts';
import { discoModule } from '../im/modules/disco.ts';
import type { ImServerOptions } from '../im/options.ts';
import { type Pep, personalEventing } from '../im/pep/pep-module.ts';
import type { RosterItem, Subscription } from '../im/stores.ts';
import { ImWorld, type RecordedSession, xmlOf } from './im-world.ts';

const disco = 'http://jabber.org/protocol/disco#info';

/** A message server whose accounts publish (XEP-0163). */
export class PepWorld extends ImWorld {
  readonly pep: Pep;

  constructor(options: Partial<ImServerOptions> = {}) {
    super(options);
    this.pep = personalEventing(this.server, saslCrypto);
    this.server.use(this.pep.module, discoModule(this.server));
  }

  /** A contact of an account, as it stands in its roster. */
  async contact(
    account: string,
    jid: string,
    subscription: Subscription,
    change: Partial<RosterItem> = {},
  ): Promise<void> {
    await this.server.options.stores.rosters.put(account, {
      ...{
        jid,
        subscription,
        name: undefined,
        groups: [],
        asked: false,
        request: undefined,
        approved: false,
        listed: true,
      },
      ...change,
    });
  }

  async friends(a: string, b: string): Promise<void> {
    await this.contact(a, `${b}@example.com`, 'both');
    await this.contact(b, `${a}@example.com`, 'both');
  }

  /** A session that is there and wants to hear of nodes; what came until then is taken. */
  async interested(jid: string, ...nodes: readonly string[]): Promise<RecordedSession> {
    const session = await this.bind(jid);
    await this.show(session, nodes);
    session.take();
    return session;
  }

  /** Sends presence with capabilities, and answers when it is asked for them. @returns whether it was */
  async show(
    session: RecordedSession,
    nodes: readonly string[],
    { ver, priority = 0 }: { readonly ver?: string; readonly priority?: number } = {},
  ): Promise<boolean> {
    const features = [disco, ...nodes.map((node) => `${node}+notify`)];
    const description = { identities: [{ category: 'client', type: 'pc' }], features };
    const hash = ver ?? (await verificationString(description, saslCrypto));
    await session.send(
      xmlOf(
        `<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:c' ver='${hash}'/><priority>${priority}</priority></presence>`,
      ),
    );
    const asked = session.peek().find((stanza) => stanza.includes(`node='urn:c#${hash}'`));
    if (asked === undefined) return false;
    const id = / id='([^']+)'/.exec(asked)![1];
    const listed = features.map((feature) => `<feature var='${feature}'/>`).join('');
    await session.send(
      xmlOf(
        `<iq type='result' id='${id}' to='${session.jid.domain}'><query xmlns='${disco}' node='urn:c#${hash}'><identity category='client' type='pc'/>${listed}</query></iq>`,
      ),
    );
    return true;
  }
}

/** Puts a request of XEP-0060 together. */
export const pubsubIq = (
  type: 'get' | 'set',
  content: string,
  { to, owner = false }: { to?: string; owner?: boolean } = {},
) =>
  xmlOf(
    `<iq type='${type}' id='p'${to === undefined ? '' : ` to='${to}'`}><pubsub xmlns='http://jabber.org/protocol/pubsub${owner ? '#owner' : ''}'>${content}</pubsub></iq>`,
  );

/** A form of XEP-0004 by names without `pubsub#`. */
export const pubsubForm = (formType: 'node_config' | 'publish-options', values: Readonly<Record<string, string>>) =>
  `<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#${formType}</value></field>${Object.entries(
    values,
  )
    .map(([name, value]) => `<field var='pubsub#${name}'><value>${value}</value></field>`)
    .join('')}</x>`;

export const publication = (node: string, item: string, options?: Readonly<Record<string, string>>) =>
  pubsubIq(
    'set',
    `<publish node='${node}'>${item}</publish>${options === undefined ? '' : `<publish-options>${pubsubForm('publish-options', options)}</publish-options>`}`,
  );

export const tune = (title: string, id = 'current') =>
  `<item id='${id}'><tune xmlns='http://jabber.org/protocol/tune'><title>${title}</title></tune></item>`;

/** A node of XEP-0118, for tests. */
export const tuneNode = 'http://jabber.org/protocol/tune';

/** Asks for the items of {@link tuneNode}, or something else. */
export const itemsIq = (to?: string, content = `<items node='${tuneNode}'/>`) =>
  pubsubIq('get', content, to === undefined ? {} : { to });

export const titles = (stanzas: readonly string[] | string) =>
  [
    ...[stanzas]
      .flat()
      .join('')
      .matchAll(/<title>([^<]*)<\/title>/g),
  ]
    .map((found) => found[1])
    .join(' ');

export const headlines = (session: RecordedSession) => session.take().filter((stanza) => stanza.startsWith('<message'));

/** `result`, or the condition of an error. */
export const outcomeOf = (stanza: string) =>
  / type='result'/.test(stanza)
    ? 'result'
    : (/<error[^>]*>(?:<text.*?<\/text>)?<([a-z-]+)/.exec(stanza)?.[1] ?? stanza);
