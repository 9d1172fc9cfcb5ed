//! A small sample of every layout of text, with figures made up for it.

/// A sample, its layout, and what it reads as: see `describe` for the form.
pub(super) struct Sample {
    pub name: &'static str,
    pub text: &'static str,
    pub layout: &'static str,
    pub expected: &'static [&'static str],
}

/// 1730419200 is 2024-11-01T00:00Z, by `date -ud 2024-11-01 +%s`.
pub(super) const SAMPLES: &[Sample] = &[
    Sample {
        name: "BTCUSDT-1h-2024-11.csv",
        text: "1730419200000,10,12,9,11,100,1730422799999,1050,7,50,525,0\n1730422800000,11,\
               12.5,10.5,12,200,1730426399999,2300,8,90,1000,0\n",
        layout: "binance-klines",
        expected: &["BTC.last USDT Bars Millis 1730419200000 @1: open=10 11; high=12 12.5; \
             low=9 10.5; close=11 12; volume=100 200; quote_volume=1050 2300; count=7 8"],
    },
    Sample {
        name: "ETHUSDT-1h-2025-01.csv",
        text: "open_time,open,high,low,close,volume,close_time,quote_volume,count,\
               taker_buy_volume,taker_buy_quote_volume,ignore\n1730419200000000,10,12,9,11,\
               100,1730422799999999,1050,7,50,525,0\n1730422800000000,11,12.5,10.5,12,200,\
               1730426399999999,2300,8,90,1000,0\n",
        layout: "binance-klines",
        expected: &["ETH.last USDT Bars Micros 1730419200000 @2: open=10 11; high=12 12.5; \
             low=9 10.5; close=11 12; volume=100 200; quote_volume=1050 2300; count=7 8"],
    },
    Sample {
        name: "SOLUSDT-1h.tar/2024-11-01.json",
        text: "[\n  [1730419200000,\"10\",\"12\",\"9\",\"11\",\"100\",1730422799999,\"1050\",\
               7,\"5\",\"6\",\"0\"],\n\n  [1730422800000,\"11\",\"12.5\",\"10.5\",\"12\",\
               \"200\",1730426399999,\"2300\",8,\"5\",\"6\",\"0\"]\n]\n",
        layout: "binance-rest",
        expected: &["SOL.last USDT Bars Millis 1730419200000 @2: open=10 11; high=12 12.5; \
             low=9 10.5; close=11 12; volume=100 200; quote_volume=1050 2300; count=7 8"],
    },
    Sample {
        name: "BTC_USDT-1h.json",
        text: "[[1730419200000,10,12.0,9,11,100],[1730422800000,11,12.5,10.5,12,200]]",
        layout: "json-bars",
        expected: &["BTC.last USDT Bars Millis 1730419200000 @1: open=10 11; high=12 12.5; \
             low=9 10.5; close=11 12; volume=100 200"],
    },
    Sample {
        name: "history.csv",
        text: "Symbol,Date,Funding Rate\nBTC-USDT,2024-11-01 00:00:00.000,0.0001\nBTC-USDT,\
               2024-11-01 08:00:00.000,-0.0002\n",
        layout: "funding",
        expected: &[
            "BTC.funding USDT Series IsoNaive 1730419200000 @2: Funding Rate=0.0001 -0.0002",
        ],
    },
    Sample {
        name: "BTCUSDT-fundingRate-2024-11.csv",
        text: "calc_time,funding_interval_hours,last_funding_rate\n1730419200003,8,0.0001\n",
        layout: "funding",
        expected: &["BTC.funding USDT Series Millis 1730419200003 @2: last_funding_rate=0.0001"],
    },
    Sample {
        name: "rates.json",
        text: "[{\"symbol\":\"BTCUSDT\",\"fundingTime\":1730419200000,\
               \"fundingRate\":\"0.0001\"},{\"symbol\":\"ETHUSDT\",\
               \"fundingTime\":1730419200000,\"fundingRate\":\"0.0003\"}]",
        layout: "funding",
        expected: &[
            "BTC.funding USDT Series Millis 1730419200000 @1: fundingRate=0.0001",
            "ETH.funding USDT Series Millis 1730419200000 @2: fundingRate=0.0003",
        ],
    },
    Sample {
        name: "XBTUSD_60.csv",
        text: "1730419200,10,12,9,11,100,7\n1730422800,11,12.5,10.5,12,200,8\n",
        layout: "kraken-ohlcvt",
        expected: &["BTC.last USD Bars Seconds 1730419200000 @1: open=10 11; high=12 12.5; \
             low=9 10.5; close=11 12; volume=100 200; trades=7 8"],
    },
    Sample {
        name: "Binance_1h.csv",
        text: "https://www.CryptoDataDownload.com\r\nunix,date,symbol,open,high,low,close,\
               Volume ETH,Volume BTC,tradecount\r\n1730419200000,2024-11-01 00:00:00,ETH/BTC,\
               10,12,9,11,100,1050,7\r\n1730415600.0,2024-10-31 11-PM,ETH/BTC,11,12.5,10.5,\
               12,200,2300,NULL\r\n",
        layout: "cryptodatadownload",
        expected: &["ETH.last BTC Bars Millis 1730419200000 @3: open=10 11; high=12 12.5; \
             low=9 10.5; close=11 12; Volume ETH=100 200; Volume BTC=1050 2300; \
             tradecount=7 ·"],
    },
    Sample {
        name: "Coinbase_1h.csv",
        text: "Timestamps are UTC timezone,https://www.CryptoDataDownload.com\ndate,symbol,\
               open,high,low,close,volume_btc,volume\n2024-11-01 12-AM,BTCUSD,10,12,9,11,100,\
               1050\n2024-10-31 11-PM,BTCUSD,11,12.5,10.5,12,200,2300\n",
        layout: "cryptodatadownload",
        expected: &["BTC.last USD Bars TwelveHour 1730419200000 @3: open=10 11; high=12 12.5; \
             low=9 10.5; close=11 12; volume_btc=100 200; volume=1050 2300"],
    },
    Sample {
        name: "Gemini_1min.csv",
        text: "https://www.CryptoDataDownload.com\nUnix Timestamp,Date,Symbol,Open,High,Low,\
               Close,Volume\n1730419200000,2024-11-01 00:00:00,BTCUSD,10,12,9,11,100\n",
        layout: "cryptodatadownload",
        expected: &[
            "BTC.last USD Bars Millis 1730419200000 @3: Open=10; High=12; Low=9; Close=11; \
             Volume=100",
        ],
    },
    Sample {
        name: "BTC-USD.csv",
        text: "Date,Open,High,Low,Close,Adj Close,Volume\n2024-11-01,10,12,9,11,11,100\n\
               2024-11-02,null,null,null,null,null,null\n",
        layout: "yahoo",
        expected: &["BTC.last USD Bars Date 1730419200000 @2: Open=10 ·; High=12 ·; Low=9 ·; \
             Close=11 ·; Volume=100 ·"],
    },
    Sample {
        name: "20241101_trade.zip/20241101_btcusd_minute_trade.csv",
        text: "0,10,12,9,11,100\n60000,11,12.5,10.5,12,200\n",
        layout: "lean-bars",
        expected: &["BTC.last USD Bars MillisOfDay 1730419200000 @1: open=10 11; high=12 12.5; \
             low=9 10.5; close=11 12; volume=100 200"],
    },
    Sample {
        name: "ethusd_trade.zip/ethusd.csv",
        text: "20241101 00:00,10,12,9,11,100\n20241101 01:00,11,12.5,10.5,12,200\n",
        layout: "lean-bars",
        expected: &["ETH.last USD Bars Compact 1730419200000 @1: open=10 11; high=12 12.5; \
             low=9 10.5; close=11 12; volume=100 200"],
    },
    Sample {
        name: "20241101_quote.zip/20241101_btcusd_minute_quote.csv",
        text: "0,10,12,9,11,1,10.5,12.5,9.5,11.5,2\n60000,,,,,,11,12,10,11,4\n",
        layout: "lean-quotes",
        expected: &[
            "BTC.bid USD Bars MillisOfDay 1730419200000 @1: open=10 ·; high=12 ·; low=9 ·; \
             close=11 ·; size=1 ·",
            "BTC.ask USD Bars MillisOfDay 1730419200000 @1: open=10.5 11; high=12.5 12; \
             low=9.5 10; close=11.5 11; size=2 4",
        ],
    },
    Sample {
        name: "margin_interest.zip/btcusdt.csv",
        text: "20241101 00:00:00,-0.0002\n20241101 08:00:00,0.0001\n",
        layout: "lean-margin-interest",
        expected: &["BTC.funding USDT Series Compact 1730419200000 @1: rate=-0.0002 0.0001"],
    },
    Sample {
        name: "bitstamp_(BTC,ETH)USD_d.csv",
        text: ",BTC:open,BTC:high,BTC:low,BTC:close,ETH_open,ETH_high,ETH_low,ETH_close\n\
               2024-11-01,10,12,9,11,,,,\n2024-11-02,11,12,10,11,1,2,0.5,1.5\n2024-11-03,12,\
               12,10,11,,,,\n",
        layout: "wide",
        expected: &[
            "BTC.last USD Bars Date 1730419200000 @2: BTC:open=10 11 12; BTC:high=12 12 12; \
             BTC:low=9 10 10; BTC:close=11 11 11",
            "ETH.last USD Bars Date 1730505600000 @3: ETH_open=1 ·; ETH_high=2 ·; \
             ETH_low=0.5 ·; ETH_close=1.5 ·",
        ],
    },
    Sample {
        name: "polygon-aave_v3-0x7ceb23fd6bc0add59e62ac25578270cff1b9f619-2024-11-01.minute.csv",
        text: "block_timestamp,liquidity_rate,stable_borrow_rate,variable_borrow_rate\n\
               2024-11-01 00:00:00,0.03,0.08,0.05\n",
        layout: "rates",
        expected: &[
            "WETH.lend_rate - Series IsoNaive 1730419200000 @2: liquidity_rate=0.03",
            "WETH.borrow_rate - Series IsoNaive 1730419200000 @2: variable_borrow_rate=0.05",
        ],
    },
    Sample {
        name: "oi.csv",
        text: "timestamp,symbol,sum_open_interest,sum_open_interest_value\n1730419200000,\
               BTCUSDT,80,5600\n1730419200000,ETHUSDT,90,180\n",
        layout: "open-interest",
        expected: &[
            "BTC.open_interest USDT Series Millis 1730419200000 @2: sum_open_interest=80",
            "ETH.open_interest USDT Series Millis 1730419200000 @3: sum_open_interest=90",
        ],
    },
    Sample {
        name: "BTCUSD_1d.csv",
        text: "timestamp;open;close;volume;unix_timestamp;high;low\n\
               2024-11-01 00:00:00;10;11;100;1730419200;12;9\n\
               2024-11-02 00:00:00;11;12;200;1730505600;12.5;10.5\n",
        layout: "csv",
        expected: &["BTC.last USD Bars Seconds 1730419200000 @2: open=10 11; high=12 12.5; \
             low=9 10.5; close=11 12; volume=100 200"],
    },
    Sample {
        name: "btc-perp_1m.csv",
        text: "\u{feff}\"open_time\",\"open\",\"high\",\"low\",\"close\",\"volume\"\r\n\r\n\
               2024-11-01 00:00:00+00:00,\"10\",12,9,11,100,\r\n2024-11-01 02:00:00+01:00,11,\
               12.5,10.5,12,200\r\n\r\n",
        layout: "csv",
        expected: &["BTC.last - Bars IsoZoned 1730419200000 @3: open=10 11; high=12 12.5; \
             low=9 10.5; close=11 12; volume=100 200"],
    },
    Sample {
        name: "ETHUSDT_ccxt.csv",
        text: "1730419200000\t10\t12\t9\t11\t100\n1730422800000\t11\t12.5\t10.5\t12\t200\n",
        layout: "csv",
        expected: &["ETH.last USDT Bars Millis 1730419200000 @1: open=10 11; high=12 12.5; \
             low=9 10.5; close=11 12; volume=100 200"],
    },
    Sample {
        name: "prices.csv",
        text: ",WETH,USDC\n2024-11-01 00:00:00,1850.5,1\n",
        layout: "csv",
        expected: &[
            "WETH.last - Close IsoNaive 1730419200000 @2: WETH=1850.5",
            "USDC.last - Close IsoNaive 1730419200000 @2: USDC=1",
        ],
    },
    Sample {
        name: "BTC_basis.csv",
        text: "time,basis\n1730419200,-5.5\n",
        layout: "csv",
        expected: &["BTC.basis - Series Seconds 1730419200000 @2: basis=-5.5"],
    },
    Sample {
        name: "l1_btcusdt_ethusdt.jsonl",
        text: "{\"Item\":{\"time_exchange\":\"2024-11-01T00:00:00.5Z\",\"instrument\":1,\
               \"kind\":{\"Trade\":{\"id\":\"4\",\"price\":10.5,\"amount\":2,\
               \"side\":\"Sell\"}}}}\n\
               {\"Item\":{\"time_exchange\":\"2024-11-01T00:00:01.000000001Z\",\
               \"instrument\":0,\"kind\":{\"OrderBookL1\":{\"best_bid\":{\"price\":\"10\",\
               \"amount\":\"3\"},\"best_ask\":{\"price\":\"11\",\"amount\":\"4\"}}}}}\n",
        layout: "barter-events",
        expected: &["l1_btcusdt_ethusdt.events - - IsoZoned 1730419200500 @1: instrument=1 0; \
             kind=trade quote; price=10.5 ·; amount=2 ·; side=Sell ·; bid=· 10; \
             bid_amount=· 3; ask=· 11; ask_amount=· 4"],
    },
    Sample {
        name: "btcusdt_20241101",
        text: "1730419200000000001 {\"stream\":\"s@trade\",\"data\":{\"e\":\"trade\",\"E\":5,\
               \"p\":\"10\",\"q\":\"2\",\"b\":77,\"a\":78,\"m\":true}}\n\
               1730419200000000002 {\"stream\":\"s@bookTicker\",\"data\":{\"b\":\"9\",\
               \"B\":\"1\",\"a\":\"11\",\"A\":\"3\"}}\n\
               1730419200000000003 {\"stream\":\"s@depth\",\"data\":{\"E\":6,\"b\":[[\"9\",\
               \"1\"],[\"8\",\"1\"]],\"a\":[]}}\n1730419200000000004 {\"lastUpdateId\":1,\
               \"bids\":[[\"9\",\"1\"]],\"asks\":[]}\n",
        layout: "binance-stream",
        expected: &[
            "BTC.events USDT - Nanos 1730419200000 @1: stream=s@trade s@bookTicker s@depth snapshot; \
             event_time=5 · 6 ·; price=10 · · ·; amount=2 · · ·; side=sell · · ·; \
             bid=· 9 · ·; bid_amount=· 1 · ·; ask=· 11 · ·; ask_amount=· 3 · ·; \
             bid_levels=· · 2 1; ask_levels=· · 0 0",
        ],
    },
    Sample {
        name: "liquidations.csv",
        text: "amount,coin,block_timestamp,note\n1e20,ETH,1730419200,\"a,b\"\n,BTC,1730419201,x\n",
        layout: "table",
        expected: &[
            "liquidations.events - - Seconds 1730419200000 @2: amount=100000000000000000000 ·; \
             coin=ETH BTC; note=a,b x",
        ],
    },
    Sample {
        name: "tokens.csv",
        text: "symbol,ltv,ltv\nDAI,0.75,7\nWETH,n/a,8\n",
        layout: "table",
        expected: &["tokens.parameters - - None 0 @2: symbol=DAI WETH; ltv=0.75 ·; ltv 2=7 8"],
    },
    Sample {
        name: "timeline.json",
        text: "{\n \"start\": \"x\",\n \"timeline\": [\n  {\"second\": 0, \"n\": 3},\n\
                 {\"second\": 6, \"n\": 4, \"more\": true}\n ]\n}\n",
        layout: "json-table",
        expected: &["timeline.parameters - - None 0 @4: second=0 6; n=3 4; more=· true"],
    },
    Sample {
        name: "tiers.json",
        text: "{\"A/B:B\":[{\"tier\":1,\"info\":{\"cum\":\"0.5\"}},{\"tier\":2,\
               \"info\":{\"cum\":\"1.5\"}}],\"C/B:B\":[{\"tier\":1,\
               \"info\":{\"cum\":\"0\"}}]}",
        layout: "json-table",
        expected: &["tiers.parameters - - None 0 @1: key=A/B:B A/B:B C/B:B; tier=1 2 1; \
             info.cum=0.5 1.5 0"],
    },
    Sample {
        name: "summary.json",
        text: "{\"kind\":\"x\",\"n\":3,\"sums\":{\"a\":0.1}}",
        layout: "json-table",
        expected: &["summary.parameters - - None 0 @1: key=kind n sums.a; value=x 3 0.1"],
    },
    Sample {
        name: "moves.jsonl",
        text: "{\"time\":\"2024-11-01T00:00:00Z\",\"usd\":1}\n\
               {\"time\":\"2024-11-01T01:00:00Z\",\"usd\":-2.5}\n",
        layout: "json-table",
        expected: &["moves.events - - IsoZoned 1730419200000 @1: usd=1 -2.5"],
    },
];
