import { type JsonTraceField, type JsonTraceLayer, type JsonTraceMessageDetail, routes } from '@yaolian/contract';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { fieldName, fieldValue, traceText } from './trace-text.ts';

interface Lit {
  readonly bytes: JsonTraceLayer['bytes'];
  readonly start: number;
  readonly end: number;
}

/** A message layer by layer beside its bytes. A field that is pointed at or chosen shows which bytes say it. */
export function MessageDetail({ subject, number }: { readonly subject: string; readonly number: number }) {
  const t = useText();
  const [lit, setLit] = useState<Lit>();
  const { data, error } = useLoad(
    (signal) => call(routes.showTraceMessage, { params: { subject, number }, signal }),
    [subject, number],
  );
  // On a phone it stands below the list, where nobody would see that it came.
  const card = useRef<HTMLElement>(null);
  useEffect(() => card.current?.scrollIntoView({ block: 'nearest' }), [data]);
  if (error !== undefined) return <p class="card hint">{t('messages.gone')}</p>;
  if (!data) return <p class="loading">{t('common.loading')}</p>;
  return (
    <section ref={card} class="card message-detail" aria-label={traceText(data.title)}>
      <div>
        {data.layers.map((layer) => (
          <Layer key={layer.name} layer={layer} lit={lit} onLight={setLit} />
        ))}
      </div>
      <Bytes detail={data} lit={lit} />
    </section>
  );
}

interface LayerProps {
  readonly layer: JsonTraceLayer;
  readonly lit: Lit | undefined;
  readonly onLight: (lit: Lit) => void;
}

function Layer({ layer, lit, onLight }: LayerProps) {
  const light = ({ start, end }: { readonly start: number; readonly end: number }) =>
    onLight({ bytes: layer.bytes, start, end });
  const isLit = ({ start, end }: JsonTraceField) =>
    lit?.bytes === layer.bytes && lit.start === start && lit.end === end && end > start;
  return (
    <details open>
      <summary>
        <b>{layer.name}</b> {traceText(layer.title)}
      </summary>
      <ul class="fields">
        {layer.fields.map((field, index) => (
          // Fields have no names of their own: their place tells them apart.
          <li key={index} class={`depth-${Math.min(field.depth, 3)}`}>
            <button
              type="button"
              class={isLit(field) ? 'lit' : ''}
              onMouseEnter={() => light(field)}
              onFocus={() => light(field)}
              onClick={() => light(field)}
            >
              <span>{fieldName(field.name)}</span> <FieldValue field={field} />
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What is the same in every language, or is the peer's own text, is marked as no text of the page's. */
function FieldValue({ field: { name, value } }: { readonly field: JsonTraceField }) {
  const told = fieldValue(name, value);
  return told === value ? <bdi lang="en">{value}</bdi> : <bdi>{told}</bdi>;
}

function Bytes({ detail, lit }: { readonly detail: JsonTraceMessageDetail; readonly lit: Lit | undefined }) {
  const t = useText();
  // What is pointed at decides which bytes are shown; else what is innermost.
  const which = lit?.bytes ?? (['plaintext', 'message'] as const).find((one) => detail[one] !== undefined) ?? 'wire';
  const hex = detail[which];
  if (hex === undefined) return null;
  return (
    <div>
      <h2>{t(`messages.bytes.${which}`)}</h2>
      <HexDump hex={hex} lit={lit?.bytes === which ? lit : undefined} />
    </div>
  );
}

const rowLength = 16;

function HexDump({ hex, lit }: { readonly hex: string; readonly lit: Lit | undefined }) {
  const bytes = hex.match(/../g) ?? [];
  const rows = Math.ceil(bytes.length / rowLength);
  const mark = (at: number) => (lit !== undefined && at >= lit.start && at < lit.end ? 'lit' : undefined);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on a phone, with keys too (WCAG 2.1.1).
    <pre class="hex" tabIndex={0}>
      {Array.from({ length: rows }, (_, row) => {
        const from = row * rowLength;
        const line = bytes.slice(from, from + rowLength);
        return (
          <div key={row}>
            <i>{from.toString(16).padStart(4, '0')}</i>{' '}
            {line.map((byte, i) => (
              <span key={from + i} class={mark(from + i)}>
                {byte}
              </span>
            ))}
            <b>
              {line.map((byte, i) => (
                <span key={from + i} class={mark(from + i)}>
                  {visible(Number.parseInt(byte, 16))}
                </span>
              ))}
            </b>
          </div>
        );
      })}
    </pre>
  );
}

function visible(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
}
