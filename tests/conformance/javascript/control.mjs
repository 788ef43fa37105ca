// The runner's own line to the chain, apart from the client under test: its requests are not
// counted as the client's.

/** A function (method, ...params) => result that throws the node's error object as an Error. */
export function control(url) {
  return async (method, ...params) => {
    const response = await fetch(url, {
      method: "POST",
      // A case may take longer than the node keeps a silent connection, and end as it is closed.
      headers: { "content-type": "application/json", connection: "close" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const answer = await response.json();
    if (answer.error) throw new Error(`${method}: ${JSON.stringify(answer.error)}`);
    return answer.result;
  };
}
