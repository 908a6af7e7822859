export interface StateCounts {
  readonly online: number;
  readonly sleeping: number;
  readonly offline: number;
}

export const shownStates = ['online', 'sleeping', 'offline'] as const;

export function sizeOf({ online, sleeping, offline }: StateCounts): number {
  return online + sleeping + offline;
}

interface ShareBarProps {
  readonly counts: StateCounts;
  /** Its length, of what there is room for: 0 to 1. */
  readonly scale?: number;
  /** In words; absent where they stand beside it. */
  readonly label?: string;
}

/** A bar that is divided as the devices are into states. */
export function ShareBar({ counts, scale = 1, label }: ShareBarProps) {
  const told =
    label === undefined ? { 'aria-hidden': true } : ({ role: 'img', 'aria-label': label, title: label } as const);
  return (
    <div class="share" style={{ width: `${Math.max(2, scale * 100)}%` }} {...told}>
      {shownStates
        .filter((state) => counts[state] > 0)
        .map((state) => (
          <span key={state} class={`state-${state}`} style={{ flexGrow: counts[state] }} />
        ))}
    </div>
  );
}
