// The wallets of the story, by viem.
import { createPublicClient, createWalletClient, defineChain, http, parseAbi } from "viem";
import { privateKeyToAccount } from "viem/accounts";

const ABI = parseAbi(["function ownerOf(uint256 seat) view returns (address)"]);

/** Seller and buyer over the chain of a context, and `control`, which steers a development chain. */
export async function makeWallets({ rpc, chain_id, contract, keys }) {
  const chain = defineChain({
    id: chain_id,
    name: "the chain",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpc] } },
  });
  const shared = { chain, transport: http(rpc, { retryCount: 0 }), pollingInterval: 10 };
  const reader = createPublicClient(shared);
  const walletOf = (key) => {
    const account = privateKeyToAccount(key);
    const wallet = createWalletClient({ ...shared, account });
    return {
      address: account.address,
      signMessage: (message) => account.signMessage({ message }),
      signTypedData: (typed) => account.signTypedData(typed),
      send: async (call) => {
        const hash = await wallet.sendTransaction(call);
        const receipt = await reader.waitForTransactionReceipt({ hash });
        if (receipt.status !== "success") throw new Error(`${hash} failed`);
        return Number(receipt.blockNumber);
      },
      ownerOf: (seat) =>
        reader.readContract({
          address: contract,
          abi: ABI,
          functionName: "ownerOf",
          args: [BigInt(seat)],
        }),
    };
  };
  return {
    seller: walletOf(keys.seller),
    buyer: walletOf(keys.buyer),
    control: (method, ...params) => reader.request({ method, params }),
  };
}
