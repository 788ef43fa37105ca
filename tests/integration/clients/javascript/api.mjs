// What a client without our Python needs to speak to the API: fetch, a token, and patience.
//
// Owns requests of one signed-in account. Refuses to hide problems: whatever is not answered well
// throws with the problem's own words.
const PATIENCE_MS = 20_000;

export class ApiClient {
  constructor(url, wallet) {
    this.url = url;
    this.wallet = wallet;
    this.token = null;
  }

  get address() {
    return this.wallet.address;
  }

  /** Sign in with EIP-4361; the token serves every later request. */
  async signIn() {
    const asked = await this.post("/v1/auth/nonce", { session: "bearer", account: this.address });
    const signature = await this.wallet.signMessage(asked.message);
    const { attempt, message } = asked;
    const signedIn = await this.post("/v1/auth/verify", { message, signature, attempt });
    this.token = signedIn.token;
  }

  /** Send a prepared transaction as it is; the number of its block. */
  async send({ from, to, data, value_wei }) {
    if (from !== this.address) throw new Error(`prepared for ${from}, not for ${this.address}`);
    return this.wallet.send({ to, data, value: BigInt(value_wei) });
  }

  /** What the gate says, from a block on. */
  async mayEnter({ drop, session }, block) {
    const path = `/v1/access/check?action=enter_session&drop=${drop}&session=${session}`;
    return this.patiently(`${path}&min_block=${block}`);
  }

  /** Wait until the API has seen a block. */
  async caughtUp(block) {
    const deadline = performance.now() + PATIENCE_MS;
    while ((await this.get("/v1/chain/status")).head.number < block) {
      if (performance.now() > deadline) throw new Error(`block ${block} is not mirrored`);
      await pause();
    }
  }

  async get(path) {
    return taken(await this.request("GET", path));
  }

  async post(path, body) {
    return taken(await this.request("POST", path, body));
  }

  /** The problem with which a request is refused. */
  async refusal(path, body) {
    const answer = await this.request("POST", path, body);
    if (answer.ok) throw new Error(`${path} was not refused`);
    const { status, code, cause, detail } = await answer.json();
    return { status, code, cause, detail };
  }

  async patiently(path) {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.request("GET", path);
      if (answer.status !== 503 || performance.now() > deadline) return taken(answer);
      await answer.body?.cancel();
      await pause();
    }
  }

  async request(method, path, body) {
    const headers = this.token ? { Authorization: `Bearer ${this.token}` } : {};
    const json = { ...headers, "Content-Type": "application/json" };
    const sent = body === undefined ? { headers } : { headers: json, body: JSON.stringify(body) };
    return fetch(this.url + path, { method, redirect: "error", ...sent });
  }
}

async function taken(answer) {
  if (!answer.ok) throw new Error(`${answer.status} ${answer.url}: ${await answer.text()}`);
  return answer.json();
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
