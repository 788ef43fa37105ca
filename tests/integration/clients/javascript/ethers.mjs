// The wallets of the story, by ethers.
import { Contract, JsonRpcProvider, Wallet } from "ethers";

const ABI = ["function ownerOf(uint256 seat) view returns (address)"];

/** Seller and buyer over the chain of a context, and `control`, which steers a development chain. */
export async function makeWallets({ rpc, contract, keys }) {
  const options = { staticNetwork: true, cacheTimeout: -1 };
  const provider = new JsonRpcProvider(rpc, undefined, options);
  provider.pollingInterval = 10;
  const seats = new Contract(contract, ABI, provider);
  const walletOf = (key) => {
    const wallet = new Wallet(key, provider);
    return {
      address: wallet.address,
      signMessage: (message) => wallet.signMessage(message),
      signTypedData: ({ domain, types, message }) => {
        // ethers derives the domain's type itself and refuses to be told.
        const { EIP712Domain: _, ...own } = types;
        return wallet.signTypedData(domain, own, message);
      },
      send: async (call) => {
        const receipt = await (await wallet.sendTransaction(call)).wait();
        return receipt.blockNumber;
      },
      ownerOf: (seat) => seats.ownerOf(seat),
    };
  };
  return {
    seller: walletOf(keys.seller),
    buyer: walletOf(keys.buyer),
    control: (method, ...params) => provider.send(method, params),
  };
}
