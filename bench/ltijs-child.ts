/**
 * ltijs, the peer: a process of its own, with a store in memory that costs it next to nothing. `register` makes a platform known to it.
 * Its package is in bench/package.json alone.
 */
import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { answer } from './child.ts';

/** What we use of a package without types. */
type Ltijs = {
  Provider: {
    setup(key: string, database: { plugin: Store }, options: object): void;
    deploy(options: { serverless: true; silent: true }): Promise<true>;
    onConnect(callback: (token: unknown, req: unknown, res: { send(body: string): void }) => void): void;
    registerPlatform(platform: object): Promise<unknown>;
    app: RequestListener;
  };
};

/** The part of its database interface that a launch uses. Every question repeats the key its document was stored under. */
class Store {
  readonly #documents = new Map<string, object>();

  async setup(): Promise<boolean> {
    return true;
  }
  async Close(): Promise<boolean> {
    return true;
  }
  async Get(_key: unknown, collection: string, query: object): Promise<object[] | false> {
    const found = this.#documents.get(nameOf(collection, query));
    return found ? [found] : false;
  }
  async Insert(_key: unknown, collection: string, item: object): Promise<boolean> {
    return this.Replace(_key, collection, item, item);
  }
  async Replace(_key: unknown, collection: string, query: object, item: object): Promise<boolean> {
    this.#documents.set(nameOf(collection, query), item);
    return true;
  }
  async Delete(collection: string, query: object): Promise<boolean> {
    return this.#documents.delete(nameOf(collection, query));
  }
}
const nameOf = (collection: string, query: object) => collection + JSON.stringify(query);

const [secret] = process.argv.slice(2);
if (!secret) throw new Error('usage: ltijs-child SECRET');
const { Provider: provider } = createRequire(import.meta.url)('ltijs') as Ltijs;
provider.setup(secret, { plugin: new Store() }, { appRoute: '/', loginRoute: '/login', tokenMaxAge: 600 });
provider.onConnect((_token, _req, res) => res.send('ok'));
await provider.deploy({ serverless: true, silent: true });
const server = createServer(provider.app);
await new Promise<void>((resolve) => server.listen(0, () => resolve()));

type Registration = { issuer: string; clientId: string; authUrl: string; tokenUrl: string; jwksUrl: string };

answer({
  url: () => `http://localhost:${(server.address() as AddressInfo).port}`, // a TCP server that listens has one
  register: async ({ issuer, clientId, authUrl, tokenUrl, jwksUrl }: Registration) => {
    await provider.registerPlatform({
      url: issuer,
      name: 'bench',
      clientId,
      authenticationEndpoint: authUrl,
      accesstokenEndpoint: tokenUrl,
      authConfig: { method: 'JWK_SET', key: jwksUrl },
    });
  },
});
