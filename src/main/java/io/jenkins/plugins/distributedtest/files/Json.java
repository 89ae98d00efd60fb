package io.jenkins.plugins.distributedtest.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** How this program reads and writes JSON. */
public final class Json {
    /** For trees and maps, and for what this program itself has written. Shared: never reconfigure it. */
    public static final ObjectMapper PLAIN = JsonMapper.builder().build();

    private Json() {}

    /**
     * For what others have sent: bounded in depth and in the length of its texts, and nothing may follow the value.
     *
     * @param depth how deep it may be nested
     * @param textLength how many characters one of its texts may have
     */
    public static JsonMapper.Builder bounded(int depth, int textLength) {
        StreamReadConstraints bounds = StreamReadConstraints.builder()
                .maxNestingDepth(depth)
                .maxStringLength(textLength)
                .build();
        return JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(bounds).build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /** As {@link #bounded(int, int)}, with Jackson's own bound of a text. */
    public static JsonMapper.Builder bounded(int depth) {
        return bounded(depth, StreamReadConstraints.DEFAULT_MAX_STRING_LEN);
    }
}
