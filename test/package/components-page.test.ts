import { componentsPage } from "../../packaging/components-page.ts";
import { assertGenerated } from "../support/generated.ts";

describe("docs/components.md", () => {
    it("has the components' own descriptions, arguments, defaults and outputs", () => {
        assertGenerated("components.md", { components: componentsPage() }, "test/package/components-page.test.ts");
    });
});
