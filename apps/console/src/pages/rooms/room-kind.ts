import type { JsonRoom, JsonRoomDetail } from '@yaolian/contract';
import type { useText } from '../../platform/text.ts';

/** How a room is set up, in words. */
export function kindOf(room: JsonRoom & Partial<JsonRoomDetail>, t: ReturnType<typeof useText>): string {
  const words = [
    room.persistent ? ('persistent' as const) : ('temporary' as const),
    room.public ? ('public' as const) : ('hidden' as const),
    ...(room.membersOnly ? (['members'] as const) : []),
    ...(room.moderated ? (['moderated'] as const) : []),
    ...(room.passwordProtected ? (['password'] as const) : []),
    ...(room.archived ? (['archived'] as const) : []),
  ];
  return words.map((word) => t(`rooms.kind.${word}`)).join(' · ');
}
