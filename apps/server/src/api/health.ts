import { because, routes } from '@yaolian/contract';
import type { HealthService } from '../health/health-service.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';

/** Whether the platform is well: for supervisors one word, for operators every part. */
export function addHealthRoutes(table: RouteTable, health: HealthService, isStopping: () => boolean): void {
  table.add(routes.showHealth, () => health.health());
  table.add(routes.showLiveness, () => ({ status: 'ok' as const }));
  table.add(routes.showReadiness, () => {
    const reason = isStopping() ? 'stopping' : health.notReady();
    if (reason !== undefined) throw new Refusal('unavailable', because(reason));
    return { status: 'ok' as const };
  });
}
