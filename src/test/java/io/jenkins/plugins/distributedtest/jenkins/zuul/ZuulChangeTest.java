package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZuulChangeTest {
    private static final ZuulChange CHANGE = ZuulChange.of(Map.of(
            "ZUUL_PROJECT", "openstack/nova",
            "ZUUL_CHANGE", "123456",
            "ZUUL_PATCHSET", "2",
            "ZUUL_BRANCH", "feature/a b",
            "ZUUL_REF", "refs/zuul/master/Z1"));

    @Test
    void linksToTheChange() {
        assertThat(CHANGE.link("https://review.example.org/#/c/{change}/{patchset}"))
                .isEqualTo("https://review.example.org/#/c/123456/2");
        assertThat(CHANGE.link("http://git.example.org/{project}/log/{branch}"))
                .isEqualTo("http://git.example.org/openstack/nova/log/feature/a%20b");
    }

    @Test
    void linksNowhereWithoutATemplateOrWithoutTheChangeItNames() {
        assertThat(CHANGE.link(null)).isNull();
        assertThat(CHANGE.link(" ")).isNull();
        assertThat(ZuulChange.of(Map.of("ZUUL_PROJECT", "p")).link("https://review/{change}"))
                .isNull();
    }

    @Test
    void linksToTheWebOnlyWhateverZuulSends() {
        assertThat(CHANGE.link("javascript:alert({change})")).isNull();
        ZuulChange hostile = ZuulChange.of(Map.of("ZUUL_CHANGE", "\"><script>x"));
        assertThat(hostile.link("https://review/{change}")).isEqualTo("https://review/%22%3E%3Cscript%3Ex");
    }

    @Test
    void isNamedByItsChangeOrItsRef() {
        assertThat(CHANGE.name()).isEqualTo("123456,2");
        assertThat(ZuulChange.of(Map.of("ZUUL_REF", "refs/tags/1.0")).name()).isEqualTo("refs/tags/1.0");
        assertThat(ZuulChange.of(Map.of()).name()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1,true", "true,true", "True,true", "TRUE,true", "0,false", "false,false", "'',false"})
    void readsWhetherTheNodeIsTakenOffline(String value, boolean offline) {
        assertThat(ZuulChange.offlineNode(Map.of("OFFLINE_NODE_WHEN_COMPLETE", value)))
                .isEqualTo(offline);
        assertThat(ZuulChange.offlineNode(Map.of())).isFalse();
    }
}
