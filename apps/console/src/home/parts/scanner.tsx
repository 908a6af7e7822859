import { useEffect, useRef, useState } from 'preact/hooks';
import { useText } from '../../platform/text.ts';

/** Of the Shape Detection API; TypeScript's library does not have it. */
interface BarcodeReader {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}

type BarcodeReaderClass = new (options: { readonly formats: readonly string[] }) => BarcodeReader;

function readerClass(): BarcodeReaderClass | undefined {
  return (globalThis as { readonly BarcodeDetector?: BarcodeReaderClass }).BarcodeDetector;
}

/** Whether this browser can read QR codes from its camera: not all do, and only on pages of HTTPS and of the machine itself. */
export function canScan(): boolean {
  return readerClass() !== undefined && navigator.mediaDevices?.getUserMedia !== undefined;
}

const interval = 250;

/** The picture of the camera, until `onText` takes what a QR code in it says. */
export function Scanner({
  onText,
  onStop,
}: {
  /** False: it is the code of something else. */
  readonly onText: (text: string) => boolean;
  readonly onStop: () => void;
}) {
  const t = useText();
  const video = useRef<HTMLVideoElement>(null);
  const [message, setMessage] = useState<'home.add.scanning' | 'home.add.no-camera' | 'home.add.not-ours'>(
    'home.add.scanning',
  );
  const latest = useRef(onText);
  latest.current = onText;
  useEffect(() => {
    const leaving = new AbortController();
    watch(video.current!, leaving.signal, (text) => {
      const isTaken = latest.current(text);
      if (!isTaken) setMessage('home.add.not-ours');
      return isTaken;
    }).catch(() => setMessage('home.add.no-camera'));
    return () => leaving.abort();
  }, []);
  return (
    <div class="card scanner">
      <video ref={video} muted playsInline aria-label={t('home.add.scan')} />
      <p role="status">{t(message)}</p>
      <button type="button" onClick={onStop}>
        {t('home.add.stop')}
      </button>
    </div>
  );
}

async function watch(video: HTMLVideoElement, leaving: AbortSignal, take: (text: string) => boolean): Promise<void> {
  const camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  const stop = () => {
    for (const track of camera.getTracks()) track.stop();
  };
  if (leaving.aborted) return stop();
  leaving.addEventListener('abort', stop);
  video.srcObject = camera;
  await video.play();
  const reader = new (readerClass()!)({ formats: ['qr_code'] });
  while (!leaving.aborted) {
    // A picture that is not there yet has no code.
    const codes = await reader.detect(video).catch(() => []);
    if (!leaving.aborted && codes.some(({ rawValue }) => take(rawValue))) return;
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}
