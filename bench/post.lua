-- wrk: POST a body of SIZE bytes; at the end one line with the number of requests and their median in microseconds.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/octet-stream"
wrk.body = string.rep("h", tonumber(os.getenv("SIZE")))

done = function(summary, latency)
    local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status
    io.write(string.format("median %d %d %d\n", summary.requests, latency:percentile(50), errors))
end
