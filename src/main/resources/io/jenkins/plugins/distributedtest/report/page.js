/* Starts the page that HtmlReport writes: the data lies in the page. */
(function () {
  'use strict';
  const data = JSON.parse(document.getElementById('run-data').textContent);
  window.distributedTest.renderRun(document.getElementById('run'), data);
})();
