import { type AwsAccess, clientSettings } from "../../client/aws-access";

/** What every question needs: where AWS is, and when to stop. */
export class Asking {
  /** A region that no account can disable, for what AWS keeps once for all regions. */
  readonly homeRegion = "us-east-1";
  private readonly clients = new Map<string, { destroy(): void }>();

  /** @param attemptsMax tries of a question that AWS throttles or a network loses */
  constructor(
    readonly access: AwsAccess,
    readonly signal: AbortSignal,
    private readonly attemptsMax: number,
  ) {}

  /** Options of each call. */
  get call(): { readonly abortSignal: AbortSignal } {
    return { abortSignal: this.signal };
  }

  /** The region's client of a service; the same one each time. */
  client<Client extends { destroy(): void }>(
    Service: new (settings: ReturnType<typeof clientSettings>) => Client,
    region: string,
    more: object = {},
  ): Client {
    const key = `${Service.name}/${region}`;
    let client = this.clients.get(key);
    if (client === undefined) {
      const settings = clientSettings(region, this.access);
      client = new Service({
        ...settings,
        maxAttempts: this.attemptsMax,
        requestHandler: {
          ...settings.requestHandler,
          connectionTimeout: 5000,
          requestTimeout: 30_000,
          throwOnRequestTimeout: true,
        },
        ...more,
      } as typeof settings);
      this.clients.set(key, client);
    }
    return client as Client;
  }

  close(): void {
    for (const client of this.clients.values()) client.destroy();
  }
}
