package io.jenkins.plugins.distributedtest.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** How this program reads and writes JSON. */
public final class Json {
    /** For trees and maps, and for what this program itself has written. Shared: never reconfigure it. */
    public static final ObjectMapper PLAIN = JsonMapper.builder().build();

    private static final int MAX_PROBLEM = 300;

    private Json() {}

    /**
     * What is wrong with a text that others have sent, in one line for people: without the place in Jackson's own source
     * that it names, and no longer than 300 characters.
     */
    public static String problem(Exception e) {
        String text = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        String line = String.valueOf(text)
                .lines()
                .findFirst()
                .orElse("")
                .replaceAll("\\s*\\(?(?:start marker )?(?:at )?\\[Source:[^\\]]*\\]\\)?", "")
                .replaceAll("\\p{Cntrl}", "?");
        return line.substring(0, Math.min(MAX_PROBLEM, line.length()));
    }

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
