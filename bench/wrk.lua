-- Post prepared bodies, each once, as people at many addresses: intake lets one address send only so many an hour.
local PER_ADDRESS = 400
local bodies, at, sizes = {}, 0, {}

function init(args)
  for line in io.lines(args[1]) do bodies[#bodies + 1] = line end
  offset = tonumber(args[2])
end

function request()
  at = at + 1
  local place = offset + math.floor(at / PER_ADDRESS)
  wrk.headers["X-Forwarded-For"] = string.format("10.%d.%d.1", math.floor(place / 250) % 250, place % 250)
  return wrk.format("POST", nil, nil, bodies[(at - 1) % #bodies + 1])
end

function response(status, headers, body)
  sizes[#body] = true
  said = ""
  for size in pairs(sizes) do said = said .. size .. "," end
end

local threads = {}
function setup(thread) threads[#threads + 1] = thread end

function done(summary)
  local seconds = summary.duration / 1000000
  io.write(string.format(
    '{"rate": %f, "sent": %d, "wrong": %d, "sizes": [%s]}\n',
    summary.requests / seconds, summary.requests,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout,
    threads[1]:get("said"):sub(1, -2)))
end
