-- Judges one request of one subject and counts it in all its tiers, or in none if one is used up.
-- A script, because no other request may come between the look and the count. The same rules stand
-- in window.py, with their reasons; every time is in milliseconds.
--
-- KEYS[1]  the subject's hash: the length of a tier -> "start current previous" of its window
-- ARGV     "now", or, in tests alone, the time; then limit and length of each tier
-- Returns  whether it passed (1 or 0), the time, and start, current, previous of each tier's window

local key, now = KEYS[1], tonumber(ARGV[1])
if not now then -- the server's clock, as those of the processes that ask may differ
    local time = redis.call('TIME')
    now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local function rolled(stored, length)
    local start, current, previous = string.match(stored or '', '(%d+) (%d+) (%d+)')
    local age = start and now - start
    if not age or age < 0 or age >= 2 * length then
        return now, 0, 0
    elseif age >= length then
        return start + length, 0, tonumber(current)
    end
    return tonumber(start), tonumber(current), tonumber(previous)
end

local function remaining(limit, length, start, current, previous)
    local overlap = start + length - now
    return limit - current - math.ceil(previous * overlap / length)
end

local lengths = {}
for i = 3, #ARGV, 2 do
    table.insert(lengths, ARGV[i])
end

local passed, windows, longest = 1, {}, 0
for i, stored in ipairs(redis.call('HMGET', key, unpack(lengths))) do
    local limit, length = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
    local start, current, previous = rolled(stored, length)
    if remaining(limit, length, start, current, previous) < 1 then
        passed = 0
    end
    windows[i] = { start, current, previous }
    longest = math.max(longest, length)
end

if passed == 1 then
    local fields = {}
    for i, window in ipairs(windows) do
        window[2] = window[2] + 1
        table.insert(fields, lengths[i])
        table.insert(fields, table.concat(window, ' '))
    end
    redis.call('HSET', key, unpack(fields))
    redis.call('PEXPIRE', key, 2 * longest) -- by then no window counts any more
end
return { passed, now, windows }
