// The story that both libraries play: mint, list, buy, and who gets in before and after.
//
// Owns the order and what is noted. Refuses to know a library: a wallet is
// {address, signMessage(text), signTypedData(typed), send({to, data, value}), ownerOf(seat)}.
import { ApiClient } from "./api.mjs";

const A_DAY = 86_400;

/** Play the story; what was seen, for the tests to judge. */
export async function follow(context, wallets) {
  const seller = new ApiClient(context.api, wallets.seller);
  const buyer = new ApiClient(context.api, wallets.buyer);
  await seller.signIn();
  await buyer.signIn();

  const minted = await mint(seller, context);
  const early = await seller.mayEnter(context, minted.block);
  await openTheDoor(context, wallets);
  // The sessions have ended: ten days have passed for the API too.
  await seller.signIn();
  await buyer.signIn();
  const sellerBefore = await seller.mayEnter(context, minted.block);
  const buyerBefore = await buyer.mayEnter(context, minted.block);

  const listed = await list(seller, minted.seat, context);
  const offered = await buyer.get(`/v1/drops/${context.drop}/listings`);
  const bought = await buy(buyer, listed.listing);
  return {
    seat: minted.seat,
    early,
    sellerBefore,
    buyerBefore,
    sellerAfter: await seller.mayEnter(context, bought.block),
    buyerAfter: await buyer.mayEnter(context, bought.block),
    offered: offered.listings.map((one) => one.seat),
    stillOffered: (await buyer.get(`/v1/drops/${context.drop}/listings`)).listings.length,
    digests: [listed.prepared.digest, listed.listing],
    ownerOnChain: await wallets.seller.ownerOf(minted.seat),
    seatInApi: await buyer.get(`/v1/seats/${minted.seat}`),
    history: (await buyer.get(`/v1/seats/${minted.seat}/history`)).owners,
    twice: await buyer.refusal("/v1/tx/buy", {
      account: buyer.address,
      listing: listed.listing,
    }),
  };
}

async function mint(client, { drop, phase }) {
  const prepared = await client.post("/v1/tx/mint", { account: client.address, drop, phase });
  const block = await client.send(prepared);
  await client.caughtUp(block);
  const { seats } = await client.get("/v1/me/seats");
  return { seat: seats[0].seat, block };
}

async function list(client, seat, { price }) {
  const prepared = await client.post("/v1/tx/list", {
    account: client.address,
    seat,
    price_wei: price,
    expires_in_s: A_DAY,
  });
  const signature = await client.wallet.signTypedData(prepared.typed_data);
  const { listing } = await client.post("/v1/listings", { ...prepared.listing, signature });
  return { listing, prepared };
}

async function buy(client, listing) {
  const prepared = await client.post("/v1/tx/buy", { account: client.address, listing });
  return { block: await client.send(prepared) };
}

async function openTheDoor({ opens_at }, { control }) {
  await control("evm_setNextBlockTimestamp", opens_at);
  await control("evm_mine");
}
