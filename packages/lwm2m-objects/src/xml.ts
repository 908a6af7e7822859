import { failure, type Result, success } from '@yaolian/kernel';
import { SaxesParser } from 'saxes';

/** An element of an XML document, as object definitions need it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The text and CDATA directly in it. */
  readonly text: string;
  /** The line of its start tag, from 1. */
  readonly line: number;
}

export interface XmlLimits {
  /** Characters in the document. */
  readonly maximumLength: number;
  readonly maximumDepth: number;
  readonly maximumElements: number;
}

/** What is wrong, more exactly than the reason. */
export type XmlFault = 'not-xml' | 'no-element' | 'doctype' | 'too-long' | 'elements-many' | 'too-deep';

export interface XmlError {
  readonly reason: 'not-xml' | 'doctype' | 'too-large' | 'too-deep';
  readonly fault: XmlFault;
  readonly params: Readonly<Record<string, string | number>>;
  readonly message: string;
  readonly line: number | undefined;
}

interface OpenElement {
  readonly name: string;
  attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
  readonly line: number;
}

/** Stops the parser, which has no other way: thrown by its handlers and caught in {@link readXml}, nowhere else. */
class Refusal extends Error {
  readonly error: XmlError;

  constructor(error: XmlError) {
    super(error.message);
    this.error = error;
  }
}

/** Reads a whole document. Well-formedness is checked, entities are the five predefined ones, a DOCTYPE is refused. */
export function readXml(text: string, limits: XmlLimits): Result<XmlElement, XmlError> {
  if (text.length > limits.maximumLength) {
    const params = { length: text.length, maximum: limits.maximumLength };
    const message = `the document has ${params.length} characters; ${params.maximum} is the most`;
    return failure({ reason: 'too-large', fault: 'too-long', params, message, line: undefined });
  }
  try {
    return success(parse(text, limits));
  } catch (error) {
    if (error instanceof Refusal) return failure(error.error);
    throw error;
  }
}

function parse(text: string, limits: XmlLimits): XmlElement {
  const parser = new SaxesParser();
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  const refuse = (reason: XmlError['reason'], message: string, fault: XmlFault, maximum?: number): never => {
    const params: XmlError['params'] = maximum === undefined ? {} : { maximum };
    throw new Refusal({ reason, fault, params, message, line: parser.line });
  };
  const addText = (piece: string) => {
    const element = open.at(-1);
    if (element) element.text += piece;
  };

  parser.on('error', (error) =>
    refuse(
      'not-xml',
      `this is not well-formed XML (line ${parser.line}): ${error.message.replace(/^[\d:]+ |\.$/g, '')}`,
      'not-xml',
    ),
  );
  parser.on('doctype', () => refuse('doctype', 'a DOCTYPE is not accepted; leave it out', 'doctype'));
  parser.on('opentagstart', ({ name }) => {
    const { maximumDepth: depth, maximumElements: most } = limits;
    if (open.length >= depth) refuse('too-deep', `elements lie more than ${depth} deep`, 'too-deep', depth);
    if (++elements > most) refuse('too-large', `there are more than ${most} elements`, 'elements-many', most);
    open.push({ name, attributes: {}, children: [], text: '', line: parser.line });
  });
  parser.on('opentag', ({ attributes }) => {
    open.at(-1)!.attributes = attributes;
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop()!;
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
  });
  parser.write(text).close();
  return root ?? refuse('not-xml', 'the document has no element', 'no-element');
}
