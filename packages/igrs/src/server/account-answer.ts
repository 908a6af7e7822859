import { element, serialiseXml, type XmlElement } from '@yaolian/xmpp';
import type { AccountAnswer } from './account-server.ts';

/** `<response><code>200</code><id>ann@home.example</id><message>registered</message></response>` */
export function accountAnswerXml(answer: AccountAnswer): string {
  const child = (name: string, text: string | undefined): XmlElement | undefined =>
    text === undefined ? undefined : element(name, '', {}, text);
  const { code, id, message, verifyCode, expires, facts = {} } = answer;
  const response = element(
    'response',
    '',
    {},
    child('code', String(code)),
    child('id', id),
    child('message', message),
    child('verifyCode', verifyCode),
    child('expires', expires),
    ...Object.entries(facts).map(([name, value]) => child(name, value)),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${serialiseXml(response)}\n`;
}

/** The same as JSON. */
export function accountAnswerJson(answer: AccountAnswer): Readonly<Record<string, string | number>> {
  const { code, id, message, verifyCode, expires, facts = {} } = answer;
  return {
    code,
    ...(id === undefined ? {} : { id }),
    message,
    ...(verifyCode === undefined ? {} : { verifyCode }),
    ...(expires === undefined ? {} : { expires }),
    ...facts,
  };
}
