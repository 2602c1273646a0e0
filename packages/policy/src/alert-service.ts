import { LookoutService, type LookoutServiceOptions } from '@sallyport/anomaly';
import type { AlertsPlan } from './alerts-plan.ts';
import { type AlertsParts, openAlerts, type OpenedAlerts } from './open-alerts.ts';

/** A watch that runs, and what it tells. */
export interface AlertService {
  readonly opened: OpenedAlerts;
  readonly service: LookoutService;
}

/** Compiles the rules of a policy, and watches the journals of a folder, or stands by; or the records of this process. @throws as `openAlerts` */
export async function startAlertService(
  plan: AlertsPlan,
  parts: AlertsParts,
  options: Pick<LookoutServiceOptions, 'journals' | 'stream' | 'onState' | 'onAlert' | 'onTrouble'>,
): Promise<AlertService> {
  const opened = await openAlerts(plan, parts);
  const { onState } = opened.service;
  const service = await LookoutService.open({
    ...opened.service,
    ...options,
    onState: (state) => {
      onState(state);
      options.onState?.(state);
    },
  });
  return { opened, service };
}
